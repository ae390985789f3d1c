import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Last sequences of the streams, so that a recreated stream starts above them. */
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
