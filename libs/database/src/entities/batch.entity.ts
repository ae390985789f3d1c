import { Column, Entity, ForeignKey, Index } from 'typeorm';
import type { BatchState, InputChoice } from '#libs/contracts';
import { BigintColumn } from './bigint-column.js';
import { IntegerIdColumn } from './integer-id-column.js';
import { PipelineVersionEntity } from './pipeline.entity.js';

/** Media files that pass through one pipeline version together. */
@Entity('batches')
@Index('batches_running', ['id'], { where: "(state = 'running'::text)" })
@Index('batches_cancelling', ['id'], { where: '(cancelling_by IS NOT NULL)' })
export class BatchEntity {
  @IntegerIdColumn('batches_pkey')
  id!: number;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @ForeignKey(() => PipelineVersionEntity, { name: 'batches_pipeline_version_id_fkey' })
  @Column({ name: 'pipeline_version_id', type: 'integer' })
  pipelineVersionId!: number;

  @Column({ name: 'state', type: 'text', default: 'draft' })
  state!: BatchState;

  /** Raised in every transaction that changes what clients see of the batch. */
  @BigintColumn({ name: 'version', default: 0 })
  version!: number;

  /** Order of admission: the batch with the lowest pass is served next. */
  @Column({ name: 'pass', type: 'double precision', default: 0 })
  pass!: number;

  @Column({ name: 'weight', type: 'integer', default: 100 })
  weight!: number;

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'started_by', type: 'text', nullable: true })
  startedBy!: string | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ name: 'paused_at', type: 'timestamptz', nullable: true })
  pausedAt!: Date | null;

  @Column({ name: 'paused_by', type: 'text', nullable: true })
  pausedBy!: string | null;

  /** Stages of this generation and of older ones are cancelled. */
  @Column({ name: 'cancelled_generation', type: 'integer', default: 0 })
  cancelledGeneration!: number;

  /** Who has cancelled the batch, while its runs are being cancelled in slices; null: no cancellation is in progress. */
  @Column({ name: 'cancelling_by', type: 'text', nullable: true })
  cancellingBy!: string | null;

  /** Only rows below this number run; null: all rows. */
  @Column({ name: 'trial_files', type: 'integer', nullable: true })
  trialFiles!: number | null;

  /** Hidden in lists by default. */
  @Column({ name: 'archived_at', type: 'timestamptz', nullable: true })
  archivedAt!: Date | null;

  /** Input choice; the documents are found when the batch is started. */
  @Column({ name: 'input', type: 'jsonb', default: { kind: 'source' } })
  input!: InputChoice;

  /** Its runs reuse the results of earlier runs of the same media files. */
  @Column({ name: 'reuse', type: 'boolean', default: false })
  reuse!: boolean;

  /** Distinguishes the batch from one with the same id whose creation the database has lost. */
  @Column({ name: 'batch_key', type: 'text', default: () => '(gen_random_uuid())' })
  batchKey!: string;
}
