import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settings of apps and pipelines, and the app of each stage run, by which its last results are found. */
export class TuneAppsAndPipelines1764320000000 implements MigrationInterface {
  readonly name = 'TuneAppsAndPipelines1764320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table apps
        -- A disabled app cannot be chosen for a new pipeline version.
        add column enabled boolean not null default true,
        -- Retries that differ from the defaults, by outcome.
        add column retry jsonb not null default '{}',
        add column cost_per_hour double precision,
        add column notes text not null default '';

      alter table pipelines add column archived_at timestamptz;
      alter table pipeline_versions add column created_by text;

      -- Slug of the app that settled it; null until then, so that starting a stage is a heap-only update.
      alter table stage_runs add column app text;
      update stage_runs s set app = a.slug
      from runs r join batches b on b.id = r.batch_id
        join pipeline_stages p on p.version_id = b.pipeline_version_id join apps a on a.id = p.app_id
      where r.id = s.run_id and p.index = s.index and s.settled_at is not null and s.started_at is not null;
      create index stage_runs_by_app on stage_runs (app, settled_at) where app is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table stage_runs drop column app;
      alter table pipeline_versions drop column created_by;
      alter table pipelines drop column archived_at;
      alter table apps drop column enabled, drop column retry, drop column cost_per_hour, drop column notes;
    `);
  }
}
