import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { BigintColumn } from './bigint-column.js';
import { DocumentEntity } from './document.entity.js';
import { RunEntity } from './run.entity.js';
import { StageResultColumns } from './stage-result-columns.js';

const KEY = 'past_stage_runs_pkey';

/** A settled attempt of a stage that a newer attempt has replaced. */
@Entity('past_stage_runs')
@Index('past_stage_runs_by_document', ['document', 'runId'], { where: '(document IS NOT NULL)' })
export class PastStageRunEntity extends StageResultColumns {
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

  @Column({ name: 'settled_at', type: 'timestamptz' })
  settledAt!: Date;

  /** Sha256 of the output. */
  @ForeignKey(() => DocumentEntity, { name: 'past_stage_runs_document_fkey' })
  @Column({ name: 'document', type: 'text', nullable: true })
  document!: string | null;
}
