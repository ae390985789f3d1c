import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches that a command changed, so that the commands of one batch are found. */
export class FindActions1764430000000 implements MigrationInterface {
  readonly name = 'FindActions1764430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table operator_actions add column batches integer[] not null default '{}';
      update operator_actions a set batches = array[coalesce(
        (a.request->>'batch')::integer, (a.answer->>'batch')::integer,
        (select r.batch_id from runs r where r.id = (a.request->>'run')::bigint)
      )]
      where a.request ? 'batch' or a.answer ? 'batch'
        or exists (select 1 from runs r where r.id = (a.request->>'run')::bigint);
      create index operator_actions_by_batch on operator_actions using gin (batches);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index operator_actions_by_batch;
      alter table operator_actions drop column batches;
    `);
  }
}
