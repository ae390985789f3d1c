import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that distinguish a batch from a lost one with the same id, and events whose runs were locked. */
export class SurviveLostTransactions1764500000000 implements MigrationInterface {
  readonly name = 'SurviveLostTransactions1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- With a default, because gateways of the previous release insert batches without it.
      alter table batches add column batch_key text not null default gen_random_uuid()::text;

      create table deferred_events (
        stream_created timestamptz not null,
        sequence bigint not null,
        run_id bigint not null,
        subject text not null,
        body bytea not null,
        deferred_at timestamptz not null default now(),
        constraint deferred_events_pkey primary key (stream_created, sequence)
      );
      create index deferred_events_by_run on deferred_events (run_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table deferred_events;
      alter table batches drop column batch_key;
    `);
  }
}
