import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type {
  Parameters,
  PipelineChanges,
  PipelineFindingView,
  PipelineVersionView,
  PipelineView,
} from '#libs/contracts';
import { recordAction } from '../commands/operator-action.js';
import type { PageRange } from '../search/page-range.js';

/** A pipeline version to save; stages in order. */
export interface NewPipelineRow {
  readonly name: string;
  /** Default: empty, or the current description. */
  readonly description?: string | undefined;
  readonly stages: readonly PipelineStageRow[];
  readonly sourceVocabulary: 'old' | 'new';
  readonly findings: readonly PipelineFindingView[];
  readonly createdBy: string;
}

/** One stage of a version, with what the app's metadata states at the time of saving. */
export interface PipelineStageRow {
  readonly appId: number;
  readonly parameters: Parameters;
  /** Declared type of each parameter that is set. */
  readonly types: Readonly<Record<string, string>>;
  readonly mmifVersion: string | null;
}

/** Filter of the list of pipelines. */
export interface PipelineFilter {
  /** Part of the name or description, case-insensitive; null: any. */
  readonly query: string | null;
  /** Null: both. */
  readonly archived: boolean | null;
}

const ALL: PipelineFilter = { query: null, archived: null };

/** Result of a change to a pipeline. */
export type PipelineChange =
  | { readonly result: 'changed'; readonly pipeline: PipelineView }
  | { readonly result: 'unknown-pipeline' }
  /** Another pipeline has this name. */
  | { readonly result: 'name-taken' };

type PipelineRow = Omit<PipelineView, 'createdAt'> & { readonly createdAt: Date };
type VersionRow = Omit<PipelineVersionView, 'createdAt'> & { readonly createdAt: Date };

/** Stages of a version `v`; `parameters` contains the settings of each stage except its position and app. */
const stagesOf = (parameters: string) => `(
    select json_agg(json_build_object('index', s.index, 'app', a.slug, 'name', a.name${parameters}) order by s.index)
    from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = v.id
  ) as stages`;

/** One version of each pipeline with its stages, chosen by a condition on `v` or the newest. */
const pipelinesAt = (condition: string) => `
  select p.id, p.name, p.description, p.archived_at is not null as archived, v.number as version,
    v.created_at as "createdAt", v.findings, ${stagesOf(", 'parameters', s.parameters")}
  from pipelines p join lateral (
    select * from pipeline_versions v where v.pipeline_id = p.id and ${condition} order by v.number desc limit 1
  ) v on true`;
const PIPELINES = pipelinesAt('true');

const VERSIONS = `
  select v.number as version, v.findings, v.created_by as "createdBy", v.created_at as "createdAt", ${stagesOf('')}
  from pipeline_versions v where v.pipeline_id = $1 and ($2::int is null or v.number < $2)
  order by v.number desc limit $3`;

/** Pipelines and their immutable versions. */
@Injectable()
export class PipelinesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Saves a pipeline; if its stages differ from the newest version, they become a new version. */
  save(pipeline: NewPipelineRow): Promise<{ created: boolean; pipeline: PipelineView }> {
    return this.dataSource.transaction(async (manager) => {
      // The upsert locks the row, so concurrent saves of one name run one after the other.
      const [{ id, described }] = await manager.query<[{ id: number; described: boolean }]>(
        `insert into pipelines (name, description) values ($1, coalesce($2, ''))
         on conflict (name) do update set description = coalesce($2, pipelines.description)
         returning id, $2 <> (select p.description from pipelines p where p.name = $1) as described`,
        [pipeline.name, pipeline.description],
      );
      const created = !isDeepStrictEqual(await newestStages(manager, id), pipeline.stages);
      if (created) await addVersion(manager, id, pipeline);
      const saved = (await newest(manager, id))!;
      if (created || described) await recordSaving(manager, saved, pipeline.createdBy);
      return { created, pipeline: saved };
    });
  }

  /** Saves a pipeline under a new name; null when the name is in use. */
  create(pipeline: NewPipelineRow): Promise<PipelineView | null> {
    return this.dataSource.transaction(async (manager) => {
      const [created] = await manager.query<{ id: number }[]>(
        `insert into pipelines (name, description) values ($1, coalesce($2, ''))
         on conflict (name) do nothing returning id`,
        [pipeline.name, pipeline.description],
      );
      if (!created) return null;
      await addVersion(manager, created.id, pipeline);
      const saved = (await newest(manager, created.id))!;
      await recordSaving(manager, saved, pipeline.createdBy);
      return saved;
    });
  }

  /** Changes the name, the description and the archived flag; versions and batches do not change. */
  change(id: number, changes: PipelineChanges, actor: string): Promise<PipelineChange> {
    const { name, description, archived } = changes;
    return this.dataSource.transaction(async (manager) => {
      // Concurrent changes to the same name run one after the other, so the second detects the first.
      await manager.query('lock table pipelines in share row exclusive mode');
      const before = await newest(manager, id);
      if (!before) return { result: 'unknown-pipeline' };
      const taken = await manager.query<unknown[]>('select 1 from pipelines where name = $2 and id <> $1', [id, name]);
      if (taken.length > 0) return { result: 'name-taken' };
      await manager.query(
        `update pipelines set name = coalesce($2, name), description = coalesce($3, description),
           archived_at = case when coalesce($4, archived_at is not null) then coalesce(archived_at, now()) end
         where id = $1`,
        [id, name, description, archived],
      );
      const pipeline = (await newest(manager, id))!;
      if (!isDeepStrictEqual(pipeline, before))
        await recordAction(manager, { verb: 'change-pipeline', actor, request: { pipeline: id, ...changes } }, {});
      return { result: 'changed', pipeline };
    });
  }

  /** The apps of a version (default: the newest) in stage order; empty when there is no such version. */
  appsOf(name: string, version?: number): Promise<{ readonly slug: string; readonly metadata: unknown }[]> {
    return this.dataSource.query(
      `select a.slug, a.metadata from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = (
         select v.id from pipeline_versions v join pipelines p on p.id = v.pipeline_id
         where p.name = $1 and ($2::int is null or v.number = $2) order by v.number desc limit 1
       ) order by s.index`,
      [name, version],
    );
  }

  /**
   * The settings that the newest versions of unarchived pipelines contain for an app, limited to this number of stages.
   */
  settingsOf(app: string, most: number): Promise<{ readonly pipeline: string; readonly parameters: Parameters }[]> {
    return this.dataSource.query(
      `select p.name as pipeline, s.parameters
       from pipelines p join lateral (
           select id from pipeline_versions v where v.pipeline_id = p.id order by v.number desc limit 1
         ) v on true join pipeline_stages s on s.version_id = v.id join apps a on a.id = s.app_id
       where a.slug = $1 and p.archived_at is null order by p.id, s.index limit $2`,
      [app, most],
    );
  }

  /** Whether the pipeline with a name is archived; null when there is no such pipeline. */
  async isArchived(name: string): Promise<boolean | null> {
    const [row] = await this.dataSource.query<{ archived: boolean }[]>(
      'select archived_at is not null as archived from pipelines where name = $1',
      [name],
    );
    return row?.archived ?? null;
  }

  /** The newest version of a pipeline; null when there is no such pipeline. */
  async find(id: number): Promise<PipelineView | null> {
    const [row] = await this.dataSource.query<PipelineRow[]>(`${PIPELINES} where p.id = $1`, [id]);
    return row ? viewOf(row) : null;
  }

  /** One version of a pipeline; null when there is no such version. */
  async findVersion(id: number, version: number): Promise<PipelineView | null> {
    const rows = await this.dataSource.query<PipelineRow[]>(`${pipelinesAt('v.number = $2')} where p.id = $1`, [
      id,
      version,
    ]);
    return rows[0] ? viewOf(rows[0]) : null;
  }

  /** Versions of a pipeline, newest first; `after` is the number of the last version of the previous page. */
  async versions(id: number, { after, limit }: PageRange): Promise<PipelineVersionView[]> {
    return (await this.dataSource.query<VersionRow[]>(VERSIONS, [id, after, limit])).map(viewOf);
  }

  /** Newest versions, in the order in which the pipelines were first saved. */
  async list({ after, limit }: PageRange, { query, archived }: PipelineFilter = ALL): Promise<PipelineView[]> {
    const rows = await this.dataSource.query<PipelineRow[]>(
      `${PIPELINES} where p.id > $1 and ($3::boolean is null or (p.archived_at is not null) = $3)
         and ($4::text is null or p.name ilike $4 or p.description ilike $4) order by p.id limit $2`,
      [after ?? 0, limit, archived, query === null ? null : containing(query)],
    );
    return rows.map(viewOf);
  }
}

async function newest(manager: EntityManager, id: number): Promise<PipelineView | null> {
  const [row] = await manager.query<PipelineRow[]>(`${PIPELINES} where p.id = $1`, [id]);
  return row ? viewOf(row) : null;
}

const recordSaving = (manager: EntityManager, { id, name, version }: PipelineView, actor: string): Promise<void> =>
  recordAction(manager, { verb: 'save-pipeline', actor, request: { name } }, { pipeline: id, version });

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
  { stages, sourceVocabulary, findings, createdBy }: NewPipelineRow,
): Promise<void> {
  const [{ id }] = await manager.query<[{ id: number }]>(
    `insert into pipeline_versions (pipeline_id, number, source_vocabulary, findings, created_by)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from pipeline_versions where pipeline_id = $1 returning id`,
    [pipelineId, sourceVocabulary, JSON.stringify(findings), createdBy],
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

/** A pattern that matches a literal text anywhere. */
const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

const viewOf = <Row extends { readonly createdAt: Date }>({ createdAt, ...row }: Row) => ({
  ...row,
  createdAt: createdAt.toISOString(),
});
