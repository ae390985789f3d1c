import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered to commands that carry a key, so that one that is sent again is not done again. */
export class CommandKeys1764305000000 implements MigrationInterface {
  readonly name = 'CommandKeys1764305000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table command_keys (
        actor text not null,
        key text not null,
        -- Of all that the command says: another command with the same key is refused.
        digest text not null,
        -- Null only within the transaction that does the command.
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
