import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Apps that the circuit breaker has paused, and when it probes them. */
export class AppBreakers1764210000000 implements MigrationInterface {
  readonly name = 'AppBreakers1764210000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table app_breakers (
        app_id integer primary key references apps,
        -- The repeated failure.
        fingerprint text not null,
        -- Pauses since the app last succeeded: each pause is longer than the previous one.
        trips integer not null,
        probe_at timestamptz not null,
        -- The breaker has opened one slot to test the app.
        probing boolean not null default false
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table app_breakers');
  }
}
