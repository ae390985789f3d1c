import { Column, Entity } from 'typeorm';
import { BigintIdColumn } from './bigint-column.js';

/** A command with who gave it and what came of it. */
@Entity('operator_actions')
export class OperatorActionEntity {
  @BigintIdColumn('operator_actions_pkey')
  id!: number;

  @Column({ name: 'at', type: 'timestamptz', default: () => 'now()' })
  at!: Date;

  @Column({ name: 'actor', type: 'text' })
  actor!: string;

  @Column({ name: 'verb', type: 'text' })
  verb!: string;

  @Column({ name: 'request', type: 'jsonb' })
  request!: object;

  @Column({ name: 'answer', type: 'jsonb' })
  answer!: object;
}
