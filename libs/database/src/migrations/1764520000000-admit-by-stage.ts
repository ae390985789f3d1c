import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Waiting runs by next stage, and how long apps take, so that a new leader need not learn it again. */
export class AdmitByStage1764520000000 implements MigrationInterface {
  readonly name = 'AdmitByStage1764520000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Beside runs_waiting, which orders the waiting runs of all stages.
      create index runs_waiting_by_stage on runs (batch_id, next_index, not_before, row) where state = 'waiting';
      create table app_durations (
        app_id integer primary key references apps,
        -- Moving mean of its finished calls.
        milliseconds double precision not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table app_durations; drop index runs_waiting_by_stage');
  }
}
