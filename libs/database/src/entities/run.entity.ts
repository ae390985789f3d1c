import { Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import type { RunState } from '#libs/contracts';
import { BigintColumn, BigintIdColumn } from './bigint-column.js';
import { MediaFileEntity } from './media-file.entity.js';

/** One media file of one batch passing through the pipeline. */
@Entity('runs')
@Index('runs_by_input_document', ['inputDocument', 'id'], { where: '(input_document IS NOT NULL)' })
@Unique('runs_batch_id_row_key', ['batchId', 'row'])
@Unique('runs_media_file_id_batch_id_key', ['mediaFileId', 'batchId'])
@Index('runs_by_state', ['state', 'mediaFileId', 'batchId'])
@Index('runs_waiting', ['batchId', 'notBefore', 'row'], { where: "(state = 'waiting'::text)" })
@Index('runs_waiting_by_stage', ['batchId', 'nextIndex', 'notBefore', 'row'], { where: "(state = 'waiting'::text)" })
@Index('runs_running', ['batchId', 'nextIndex'], { where: "(state = 'running'::text)" })
@Index('runs_by_batch_state', ['batchId', 'state', 'row'])
@Index('runs_cancelled', ['batchId'], { where: '(cancelled_generation > 0)' })
export class RunEntity {
  @BigintIdColumn('runs_pkey')
  id!: number;

  /** Without a foreign key, because the runs of a deleted batch are deleted in portions. */
  @Column({ name: 'batch_id', type: 'integer' })
  batchId!: number;

  @Column({ name: 'row', type: 'integer' })
  row!: number;

  @ForeignKey(() => MediaFileEntity, { name: 'runs_media_file_id_fkey' })
  @BigintColumn({ name: 'media_file_id' })
  mediaFileId!: number;

  @Column({ name: 'state', type: 'text', default: 'waiting' })
  state!: RunState;

  @Column({ name: 'generation', type: 'integer', default: 0 })
  generation!: number;

  /** Root of the newest recorded lineage, in nanoseconds since 1970; text, because it exceeds 2^53. */
  @Column({ name: 'root', type: 'bigint', default: 0 })
  root!: string;

  @Column({ name: 'next_index', type: 'integer', default: 0 })
  nextIndex!: number;

  @Column({ name: 'sentence', type: 'text', nullable: true })
  sentence!: string | null;

  /** A waiting run is not admitted before this time. */
  @Column({ name: 'not_before', type: 'timestamptz', default: '-infinity' })
  notBefore!: Date | number;

  /** Attempts of the stage at `nextIndex` that ended in a retry. */
  @Column({ name: 'attempt', type: 'integer', default: 0 })
  attempt!: number;

  /** Stages of this generation of the run and of older ones are cancelled. */
  @Column({ name: 'cancelled_generation', type: 'integer', default: 0 })
  cancelledGeneration!: number;

  @Column({ name: 'admitted_at', type: 'timestamptz', nullable: true })
  admittedAt!: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  /**
   * Sha256 of the input of the first stage; null: a blank document that names the source. Without a foreign key, whose
   * check would write to the document's row.
   */
  @Column({ name: 'input_document', type: 'text', nullable: true })
  inputDocument!: string | null;

  /** The input was uploaded by a user. */
  @Column({ name: 'input_uploaded', type: 'boolean', default: false })
  inputUploaded!: boolean;

  /** The decision which stages are reused was made, before the first message was published. */
  @Column({ name: 'reuse_decided', type: 'boolean', default: false })
  reuseDecided!: boolean;
}
