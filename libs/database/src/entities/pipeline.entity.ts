import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { Parameters, PipelineFindingView } from '#libs/contracts';
import { AppEntity } from './app.entity.js';
import { IntegerIdColumn } from './integer-id-column.js';

/** A named list of stages, kept as numbered versions that never change. */
@Entity('pipelines')
@Unique('pipelines_name_key', ['name'])
export class PipelineEntity {
  @IntegerIdColumn('pipelines_pkey')
  id!: number;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'description', type: 'text' })
  description!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'archived_at', type: 'timestamptz', nullable: true })
  archivedAt!: Date | null;
}

/** One numbered version of a pipeline. */
@Entity('pipeline_versions')
@Unique('pipeline_versions_pipeline_id_number_key', ['pipelineId', 'number'])
export class PipelineVersionEntity {
  @IntegerIdColumn('pipeline_versions_pkey')
  id!: number;

  @ForeignKey(() => PipelineEntity, { name: 'pipeline_versions_pipeline_id_fkey' })
  @Column({ name: 'pipeline_id', type: 'integer' })
  pipelineId!: number;

  @Column({ name: 'number', type: 'integer' })
  number!: number;

  @Column({ name: 'source_vocabulary', type: 'text', default: 'old' })
  sourceVocabulary!: 'old' | 'new';

  @Column({ name: 'findings', type: 'jsonb', default: [] })
  findings!: PipelineFindingView[];

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'created_by', type: 'text', nullable: true })
  createdBy!: string | null;
}

/** An app with its parameters at one position of a version. */
@Entity('pipeline_stages')
export class PipelineStageEntity {
  @ForeignKey(() => PipelineVersionEntity, { name: 'pipeline_stages_version_id_fkey' })
  @PrimaryColumn({ name: 'version_id', type: 'integer', primaryKeyConstraintName: 'pipeline_stages_pkey' })
  versionId!: number;

  @PrimaryColumn({ name: 'index', type: 'integer', primaryKeyConstraintName: 'pipeline_stages_pkey' })
  index!: number;

  @ForeignKey(() => AppEntity, { name: 'pipeline_stages_app_id_fkey' })
  @Column({ name: 'app_id', type: 'integer' })
  appId!: number;

  @Column({ name: 'parameters', type: 'jsonb' })
  parameters!: Parameters;

  /** Declared type of each parameter that is set. */
  @Column({ name: 'types', type: 'jsonb', default: {} })
  types!: Record<string, string>;

  @Column({ name: 'mmif_version', type: 'text', nullable: true })
  mmifVersion!: string | null;
}
