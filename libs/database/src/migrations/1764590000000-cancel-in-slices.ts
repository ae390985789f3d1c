import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Marks batches whose cancellation is in progress, so that it continues after a restart of the scheduler. */
export class CancelInSlices1764590000000 implements MigrationInterface {
  readonly name = 'CancelInSlices1764590000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table batches add column cancelling_by text;
      create index batches_cancelling on batches (id) where cancelling_by is not null;
      insert into schema_compatibility (migration) values ('${this.name}');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from schema_compatibility where migration = '${this.name}';
      drop index batches_cancelling;
      alter table batches drop column cancelling_by;
    `);
  }
}
