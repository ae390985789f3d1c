import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for lists and grids of large batches, and batches that are deleted in portions. */
export class ReadLargeLists1764410000000 implements MigrationInterface {
  readonly name = 'ReadLargeLists1764410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Every media file that is in no started batch; may include some that are in one.
      create table untouched_files (media_file_id bigint primary key);
      insert into untouched_files (media_file_id)
      select m.id from media_files m where not exists (
        select 1 from runs r join batches b on b.id = r.batch_id where r.media_file_id = m.id and b.state <> 'draft'
      );

      -- With the batch, so that a run that is not the newest of its file is excluded without reading its row.
      drop index runs_by_state;
      create index runs_by_state on runs (state, media_file_id, batch_id);
      -- Runs that have skipped a stage.
      create index stage_runs_reused on stage_runs (run_id, index) where reused_from is not null;

      -- Deleted batches with runs that are not deleted yet.
      create table deleted_batches (batch_id integer primary key);
      alter table runs drop constraint runs_batch_id_fkey;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from stage_runs where run_id in (select id from runs where batch_id in (select batch_id from deleted_batches));
      delete from past_stage_runs
      where run_id in (select id from runs where batch_id in (select batch_id from deleted_batches));
      delete from runs where batch_id in (select batch_id from deleted_batches);
      alter table runs add constraint runs_batch_id_fkey foreign key (batch_id) references batches;
      drop table deleted_batches, untouched_files;
      drop index stage_runs_reused, runs_by_state;
      create index runs_by_state on runs (state, media_file_id);
    `);
  }
}
