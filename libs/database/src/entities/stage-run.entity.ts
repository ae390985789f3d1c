import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { BigintColumn } from './bigint-column.js';
import { DocumentEntity } from './document.entity.js';
import { RunEntity } from './run.entity.js';
import { StageResultColumns } from './stage-result-columns.js';

/** One stage of one run. */
@Entity('stage_runs')
@Index('stage_runs_by_document', ['document', 'runId'], { where: '(document IS NOT NULL)' })
@Index('stage_runs_by_mark', ['mark', 'runId'], { where: '(mark IS NOT NULL)' })
@Index('stage_runs_by_fingerprint', ['fingerprint', 'runId'], { where: '(fingerprint IS NOT NULL)' })
@Index('stage_runs_reused', ['runId', 'index'], { where: '(reused_from IS NOT NULL)' })
@Index('stage_runs_by_app', ['app', 'settledAt'], { where: '(app IS NOT NULL)' })
export class StageRunEntity extends StageResultColumns {
  @ForeignKey(() => RunEntity, { name: 'stage_runs_run_id_fkey' })
  @BigintColumn({ name: 'run_id', primary: true, primaryKeyConstraintName: 'stage_runs_pkey' })
  runId!: number;

  @Column({ name: 'index', type: 'integer', primary: true, primaryKeyConstraintName: 'stage_runs_pkey' })
  index!: number;

  @Column({ name: 'generation', type: 'integer' })
  generation!: number;

  /** Nanoseconds since 1970; text, because it exceeds 2^53. */
  @Column({ name: 'root', type: 'bigint' })
  root!: string;

  @Column({ name: 'delivery', type: 'integer' })
  delivery!: number;

  @Column({ name: 'rank', type: 'smallint' })
  rank!: number;

  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true })
  settledAt!: Date | null;

  /** Sha256 of the output. */
  @ForeignKey(() => DocumentEntity, { name: 'stage_runs_document_fkey' })
  @Column({ name: 'document', type: 'text', nullable: true })
  document!: string | null;

  /** Slug of the app that settled it; null until then. */
  @Column({ name: 'app', type: 'text', nullable: true })
  app!: string | null;

  /** The run whose result was reused for a skipped stage; it may have been deleted. */
  @BigintColumn({ name: 'reused_from', nullable: true })
  reusedFrom!: number | null;
}
