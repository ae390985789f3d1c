import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers to keyed commands, so that a repeated command is not executed again. */
export class CommandKeys1764305000000 implements MigrationInterface {
  readonly name = 'CommandKeys1764305000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table command_keys (
        actor text not null,
        key text not null,
        -- Digest of everything in the command: another command with the same key is refused.
        digest text not null,
        -- Null only within the transaction that executes the command.
        status smallint,
        body text,
        created_at timestamptz not null default now(),
        primary key (actor, key)
      );
      create index command_keys_created_at on command_keys (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table command_keys');
  }
}
