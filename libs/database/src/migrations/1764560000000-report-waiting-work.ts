import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why batches make no progress, retried failures in error groups, percentages of running stages, and raw replays. */
export class ReportWaitingWork1764560000000 implements MigrationInterface {
  readonly name = 'ReportWaitingWork1764560000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Cascades, because an older gateway does not know the table when it deletes a batch.
      create table batch_blocks (
        batch_id integer constraint batch_blocks_pkey primary key
          constraint batch_blocks_batch_id_fkey references batches (id) on delete cascade,
        stage integer,
        app text,
        reason text not null,
        since timestamptz not null default now(),
        until timestamptz,
        advice text not null
      );
      -- Apart from "count", which an older recorder maintains.
      alter table error_groups add column retrying integer not null default 0;
      insert into error_groups (batch_id, index, fingerprint, app, outcome, sentence, count, retrying)
      select r.batch_id, s.index, s.fingerprint, min(a.slug), min(s.outcome), min(s.sentence), 0, count(*)
      from runs r join stage_runs s on s.run_id = r.id join batches b on b.id = r.batch_id
        join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = s.index
        join apps a on a.id = p.app_id
      where r.state = 'waiting' and s.state = 'retrying' and s.fingerprint is not null
      group by r.batch_id, s.index, s.fingerprint
      on conflict (batch_id, index, fingerprint) do update set retrying = excluded.retrying;
      -- Without a foreign key, whose check would lock runs that the recorder writes.
      create table stage_progress (
        run_id bigint constraint stage_progress_pkey primary key,
        index integer not null,
        percent real not null,
        estimated boolean not null,
        at timestamptz not null default now()
      );
      alter table stage_runs add column raw_replay boolean not null default false;
      alter table past_stage_runs add column raw_replay boolean not null default false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table past_stage_runs drop column raw_replay;
      alter table stage_runs drop column raw_replay;
      drop table stage_progress;
      alter table error_groups drop column retrying;
      drop table batch_blocks;
    `);
  }
}
