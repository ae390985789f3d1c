import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Outcome, RunState, StageMark, StageState } from '#libs/contracts';
import { BatchEntity } from './batch.entity.js';

/** Stage runs of a batch by stage and state. */
@Entity('batch_stage_counts')
export class BatchStageCountEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_stage_counts_batch_id_fkey' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_stage_counts_pkey' })
  batchId!: number;

  @PrimaryColumn({ name: 'index', type: 'integer', primaryKeyConstraintName: 'batch_stage_counts_pkey' })
  index!: number;

  @PrimaryColumn({ name: 'state', type: 'text', primaryKeyConstraintName: 'batch_stage_counts_pkey' })
  state!: StageState;

  @Column({ name: 'count', type: 'integer' })
  count!: number;
}

/** Done stage runs of a batch by stage and mark. */
@Entity('batch_mark_counts')
export class BatchMarkCountEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_mark_counts_batch_id_fkey' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_mark_counts_pkey' })
  batchId!: number;

  @PrimaryColumn({ name: 'index', type: 'integer', primaryKeyConstraintName: 'batch_mark_counts_pkey' })
  index!: number;

  @PrimaryColumn({ name: 'mark', type: 'text', primaryKeyConstraintName: 'batch_mark_counts_pkey' })
  mark!: StageMark;

  @Column({ name: 'count', type: 'integer' })
  count!: number;
}

/** Runs of a batch by state. */
@Entity('batch_run_counts')
export class BatchRunCountEntity {
  @ForeignKey(() => BatchEntity, { name: 'batch_run_counts_batch_id_fkey' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'batch_run_counts_pkey' })
  batchId!: number;

  @PrimaryColumn({ name: 'state', type: 'text', primaryKeyConstraintName: 'batch_run_counts_pkey' })
  state!: RunState;

  @Column({ name: 'count', type: 'integer' })
  count!: number;
}

/** Similar failures of one stage of a batch. */
@Entity('error_groups')
export class ErrorGroupEntity {
  @ForeignKey(() => BatchEntity, { name: 'error_groups_batch_id_fkey' })
  @PrimaryColumn({ name: 'batch_id', type: 'integer', primaryKeyConstraintName: 'error_groups_pkey' })
  batchId!: number;

  @PrimaryColumn({ name: 'index', type: 'integer', primaryKeyConstraintName: 'error_groups_pkey' })
  index!: number;

  @PrimaryColumn({ name: 'fingerprint', type: 'text', primaryKeyConstraintName: 'error_groups_pkey' })
  fingerprint!: string;

  @Column({ name: 'app', type: 'text' })
  app!: string;

  @Column({ name: 'outcome', type: 'text' })
  outcome!: Outcome;

  @Column({ name: 'sentence', type: 'text' })
  sentence!: string;

  /** Files that failed and are not retried automatically. */
  @Column({ name: 'count', type: 'integer' })
  count!: number;

  /** Files whose failure will be retried automatically. */
  @Column({ name: 'retrying', type: 'integer', default: 0 })
  retrying!: number;

  @Column({ name: 'first_seen_at', type: 'timestamptz', default: () => 'now()' })
  firstSeenAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz', default: () => 'now()' })
  lastSeenAt!: Date;

  /** Worker on which all failures of the group occurred; null: several, or unknown. */
  @Column({ name: 'worker', type: 'text', nullable: true })
  worker!: string | null;
}
