import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Outcome, StageMark, StageState } from '#libs/contracts';
import { BigintColumn } from './bigint-column.js';
import { DocumentEntity } from './document.entity.js';
import { RunEntity } from './run.entity.js';

const KEY = 'past_stage_runs_pkey';

/** A settled try of a stage that a newer try has replaced. */
@Entity('past_stage_runs')
@Index('past_stage_runs_by_document', ['document', 'runId'], { where: '(document IS NOT NULL)' })
export class PastStageRunEntity {
  @ForeignKey(() => RunEntity, { name: 'past_stage_runs_run_id_fkey' })
  @BigintColumn({ name: 'run_id', primary: true, primaryKeyConstraintName: KEY })
  runId!: number;

  @PrimaryColumn({ name: 'index', type: 'integer', primaryKeyConstraintName: KEY })
  index!: number;

  @PrimaryColumn({ name: 'generation', type: 'integer', primaryKeyConstraintName: KEY })
  generation!: number;

  /** Nanoseconds since 1970; text, because it exceeds 2^53. */
  @PrimaryColumn({ name: 'root', type: 'bigint', primaryKeyConstraintName: KEY })
  root!: string;

  @Column({ name: 'state', type: 'text' })
  state!: StageState;

  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome!: Outcome | null;

  @Column({ name: 'sentence', type: 'text', nullable: true })
  sentence!: string | null;

  @Column({ name: 'fingerprint', type: 'text', nullable: true })
  fingerprint!: string | null;

  @Column({ name: 'trace', type: 'text', nullable: true })
  trace!: string | null;

  @Column({ name: 'http_status', type: 'integer', nullable: true })
  httpStatus!: number | null;

  @Column({ name: 'calls', type: 'integer', default: 0 })
  calls!: number;

  @Column({ name: 'worker', type: 'text', nullable: true })
  worker!: string | null;

  @Column({ name: 'queued_at', type: 'timestamptz', nullable: true })
  queuedAt!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'settled_at', type: 'timestamptz' })
  settledAt!: Date;

  /** New annotations by short type. */
  @Column({ name: 'annotations', type: 'jsonb', default: {} })
  annotations!: Record<string, number>;

  @Column({ name: 'warnings', type: 'jsonb', default: [] })
  warnings!: string[];

  /** Warnings of the SDK about itself. */
  @Column({ name: 'notices', type: 'jsonb', default: [] })
  notices!: string[];

  @Column({ name: 'mark', type: 'text', nullable: true })
  mark!: StageMark | null;

  @Column({ name: 'running_seconds', type: 'double precision', nullable: true })
  runningSeconds!: number | null;

  @Column({ name: 'coverage', type: 'jsonb', nullable: true })
  coverage!: object | null;

  /** Sha256 of the output. */
  @ForeignKey(() => DocumentEntity, { name: 'past_stage_runs_document_fkey' })
  @Column({ name: 'document', type: 'text', nullable: true })
  document!: string | null;
}
