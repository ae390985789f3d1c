import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a batch is prepared with before it starts, and how it is kept. */
export class PrepareBatches1764330000000 implements MigrationInterface {
  readonly name = 'PrepareBatches1764330000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table batches
        add column started_by text,
        -- Only rows below this may run; null: all may.
        add column trial_files integer,
        -- Not listed any more.
        add column archived_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table batches drop column started_by, drop column trial_files, drop column archived_at;
    `);
  }
}
