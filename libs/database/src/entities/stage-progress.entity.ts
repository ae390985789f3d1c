import { Column, Entity } from 'typeorm';
import { BigintColumn } from './bigint-column.js';

/** The newest percentage of the stage that a run is at, written every few seconds while the stage runs. */
@Entity('stage_progress')
export class StageProgressEntity {
  @BigintColumn({ name: 'run_id', primary: true, primaryKeyConstraintName: 'stage_progress_pkey' })
  runId!: number;

  @Column({ name: 'index', type: 'integer' })
  index!: number;

  @Column({ name: 'percent', type: 'real' })
  percent!: number;

  /** Derived from the app's history, because the app reports no percentage. */
  @Column({ name: 'estimated', type: 'boolean' })
  estimated!: boolean;

  @Column({ name: 'at', type: 'timestamptz', default: () => 'now()' })
  at!: Date;
}
