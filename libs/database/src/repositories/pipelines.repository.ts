import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Parameters, PipelineFindingView, PipelineView } from '#libs/contracts';
import type { Slice } from './slice.js';

/** A pipeline version to save; stages in their order. */
export interface NewPipelineRow {
  readonly name: string;
  readonly description: string;
  readonly stages: readonly PipelineStageRow[];
  readonly sourceVocabulary: 'old' | 'new';
  readonly findings: readonly PipelineFindingView[];
}

/** One stage of a version, with what the app's metadata says of it at this moment. */
export interface PipelineStageRow {
  readonly appId: number;
  readonly parameters: Parameters;
  /** Declared type of each parameter that is set. */
  readonly types: Readonly<Record<string, string>>;
  readonly mmifVersion: string | null;
}

type PipelineRow = Omit<PipelineView, 'createdAt'> & { readonly createdAt: Date };

/** Newest versions of pipelines, with their stages. */
const PIPELINES = `
  select p.id, p.name, p.description, v.number as version, v.created_at as "createdAt", v.findings, (
    select json_agg(json_build_object('index', s.index, 'app', a.slug, 'name', a.name, 'parameters', s.parameters)
      order by s.index)
    from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = v.id
  ) as stages
  from pipelines p join lateral (
    select * from pipeline_versions v where v.pipeline_id = p.id order by v.number desc limit 1
  ) v on true`;

/** Pipelines and their immutable versions. */
@Injectable()
export class PipelinesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Saves a pipeline; stages that differ from its newest version become a new version. */
  save(pipeline: NewPipelineRow): Promise<{ created: boolean; pipeline: PipelineView }> {
    return this.dataSource.transaction(async (manager) => {
      // The upsert locks the row, so that two savers of one name come one after the other.
      const [{ id }] = await manager.query<[{ id: number }]>(
        `insert into pipelines (name, description) values ($1, $2)
         on conflict (name) do update set description = excluded.description returning id`,
        [pipeline.name, pipeline.description],
      );
      const created = !isDeepStrictEqual(await newestStages(manager, id), pipeline.stages);
      if (created) await addVersion(manager, id, pipeline);
      const [row] = await manager.query<[PipelineRow]>(`${PIPELINES} where p.id = $1`, [id]);
      return { created, pipeline: viewOf(row) };
    });
  }

  /** The apps of a pipeline's newest version, in the order of its stages; none when there is no such pipeline. */
  appsOf(name: string): Promise<{ readonly slug: string; readonly metadata: unknown }[]> {
    return this.dataSource.query(
      `select a.slug, a.metadata from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = (
         select v.id from pipeline_versions v join pipelines p on p.id = v.pipeline_id
         where p.name = $1 order by v.number desc limit 1
       ) order by s.index`,
      [name],
    );
  }

  /** The newest version of a pipeline; null when there is no such pipeline. */
  async find(id: number): Promise<PipelineView | null> {
    const [row] = await this.dataSource.query<PipelineRow[]>(`${PIPELINES} where p.id = $1`, [id]);
    return row ? viewOf(row) : null;
  }

  /** Newest versions, in the order in which the pipelines were first saved. */
  async list({ after, limit }: Slice): Promise<PipelineView[]> {
    const rows = await this.dataSource.query<PipelineRow[]>(`${PIPELINES} where p.id > $1 order by p.id limit $2`, [
      after ?? 0,
      limit,
    ]);
    return rows.map(viewOf);
  }
}

const newestStages = (manager: EntityManager, pipelineId: number): Promise<NewPipelineRow['stages']> =>
  manager.query(
    `select app_id as "appId", parameters, types, mmif_version as "mmifVersion" from pipeline_stages where version_id = (
       select id from pipeline_versions where pipeline_id = $1 order by number desc limit 1
     ) order by index`,
    [pipelineId],
  );

async function addVersion(
  manager: EntityManager,
  pipelineId: number,
  { stages, sourceVocabulary, findings }: NewPipelineRow,
): Promise<void> {
  const [{ id }] = await manager.query<[{ id: number }]>(
    `insert into pipeline_versions (pipeline_id, number, source_vocabulary, findings)
     select $1, coalesce(max(number), 0) + 1, $2, $3 from pipeline_versions where pipeline_id = $1 returning id`,
    [pipelineId, sourceVocabulary, JSON.stringify(findings)],
  );
  await manager.query(
    `insert into pipeline_stages (version_id, index, app_id, parameters, types, mmif_version)
     select $1, n - 1, app_id, parameters, types, mmif_version
     from unnest($2::int[], $3::jsonb[], $4::jsonb[], $5::text[]) with ordinality
       as t(app_id, parameters, types, mmif_version, n)`,
    [
      id,
      stages.map(({ appId }) => appId),
      stages.map(({ parameters }) => JSON.stringify(parameters)),
      stages.map(({ types }) => JSON.stringify(types)),
      stages.map(({ mmifVersion }) => mmifVersion),
    ],
  );
}

const viewOf = ({ createdAt, ...row }: PipelineRow): PipelineView => ({ ...row, createdAt: createdAt.toISOString() });
