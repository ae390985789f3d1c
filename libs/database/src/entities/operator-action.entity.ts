import { Column, Entity, Index } from 'typeorm';
import { BigintIdColumn } from './bigint-column.js';

/** A command with its actor and its result. */
@Entity('operator_actions')
@Index('operator_actions_by_batch', ['batches'], { type: 'gin' })
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

  /** Batches that it changed, including deleted ones. */
  @Column({ name: 'batches', type: 'integer', array: true, default: [] })
  batches!: number[];
}
