import { Check, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from './bigint-column.js';

/** The single row with the epoch of the leader, which alone may write. */
@Entity('leader')
@Check('leader_one_check', 'one')
export class LeaderEntity {
  @PrimaryColumn({ name: 'one', type: 'boolean', default: true, primaryKeyConstraintName: 'leader_pkey' })
  one!: boolean;

  @BigintColumn({ name: 'epoch', default: 0 })
  epoch!: number;
}
