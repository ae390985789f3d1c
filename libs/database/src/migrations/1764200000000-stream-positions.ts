import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the streams have counted, so that one that has to be made again does not count over it. */
export class StreamPositions1764200000000 implements MigrationInterface {
  readonly name = 'StreamPositions1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stream_positions (
        stream text primary key,
        last_sequence bigint not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table stream_positions');
  }
}
