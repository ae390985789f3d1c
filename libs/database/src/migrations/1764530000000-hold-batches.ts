import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches that are held at a stage, and why an app does not accept calls. */
export class HoldBatches1764530000000 implements MigrationInterface {
  readonly name = 'HoldBatches1764530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table batch_holds (
        batch_id integer not null references batches on delete cascade,
        -- Index of the stage at which no run starts.
        stage integer not null,
        held_by text not null,
        reason text not null,
        since timestamptz not null default now(),
        -- The repeated failure; null: a person holds the batch, and only a person ends it.
        fingerprint text,
        -- Probes that failed, and the first failure.
        trips integer not null default 1,
        -- When the next file may pass, as a probe; null: none.
        probe_at timestamptz,
        -- The run that may pass.
        probe_run bigint,
        primary key (batch_id, stage)
      );
      alter table app_breakers
        -- 'failing', or why the app does not accept calls: 'connection' or 'busy'.
        add column cause text not null default 'failing',
        add column since timestamptz not null default now();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table batch_holds;
      alter table app_breakers drop column cause, drop column since;
    `);
  }
}
