import { Column, Entity, ForeignKey, Index } from 'typeorm';
import type { Outcome, StageMark, StageState } from '#libs/contracts';
import { BigintColumn } from './bigint-column.js';
import { DocumentEntity } from './document.entity.js';
import { RunEntity } from './run.entity.js';

/** One stage of one run. */
@Entity('stage_runs')
@Index('stage_runs_by_document', ['document', 'runId'], { where: '(document IS NOT NULL)' })
@Index('stage_runs_by_mark', ['mark', 'runId'], { where: '(mark IS NOT NULL)' })
@Index('stage_runs_by_fingerprint', ['fingerprint', 'runId'], { where: '(fingerprint IS NOT NULL)' })
@Index('stage_runs_reused', ['runId', 'index'], { where: '(reused_from IS NOT NULL)' })
@Index('stage_runs_by_app', ['app', 'settledAt'], { where: '(app IS NOT NULL)' })
export class StageRunEntity {
  @ForeignKey(() => RunEntity, { name: 'stage_runs_run_id_fkey' })
  @BigintColumn({ name: 'run_id', primary: true, primaryKeyConstraintName: 'stage_runs_pkey' })
  runId!: number;

  @Column({ name: 'index', type: 'integer', primary: true, primaryKeyConstraintName: 'stage_runs_pkey' })
  index!: number;

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

  @Column({ name: 'generation', type: 'integer' })
  generation!: number;

  /** Nanoseconds since 1970; text, because it exceeds 2^53. */
  @Column({ name: 'root', type: 'bigint' })
  root!: string;

  @Column({ name: 'delivery', type: 'integer' })
  delivery!: number;

  @Column({ name: 'rank', type: 'smallint' })
  rank!: number;

  @Column({ name: 'calls', type: 'integer', default: 0 })
  calls!: number;

  @Column({ name: 'worker', type: 'text', nullable: true })
  worker!: string | null;

  @Column({ name: 'queued_at', type: 'timestamptz', nullable: true })
  queuedAt!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true })
  settledAt!: Date | null;

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
  @ForeignKey(() => DocumentEntity, { name: 'stage_runs_document_fkey' })
  @Column({ name: 'document', type: 'text', nullable: true })
  document!: string | null;

  /** Slug of the app that has settled it; null until then. */
  @Column({ name: 'app', type: 'text', nullable: true })
  app!: string | null;

  /** The run of which a skipped stage was taken over, which may be gone since. */
  @BigintColumn({ name: 'reused_from', nullable: true })
  reusedFrom!: number | null;
}
