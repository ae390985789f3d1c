import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which apps the circuit breaker has paused, and when it tries them again. */
export class AppBreakers1764210000000 implements MigrationInterface {
  readonly name = 'AppBreakers1764210000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table app_breakers (
        app_id integer primary key references apps,
        -- The failure that kept coming.
        fingerprint text not null,
        -- Pauses since the app was last heard to succeed: each one lasts longer than the one before.
        trips integer not null,
        probe_at timestamptz not null,
        -- One slot is open, to see how the app does.
        probing boolean not null default false
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table app_breakers');
  }
}
