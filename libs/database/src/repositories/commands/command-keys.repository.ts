import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { AmbientDataSource } from '../../transactions/ambient-data-source.js';
import { SerialTasks } from '../../transactions/serial-tasks.js';

/** A command with its key; `digest` covers everything in the command. */
export interface KeyedCommand {
  readonly actor: string;
  readonly key: string;
  readonly digest: string;
}

/** The answer to a command; `body` is JSON, null: no body. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string | null;
}

/** The same actor has used the key for another command. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/**
 * The key and the effect of its command are one transaction. A concurrent command with the same key waits for the lock
 * of the row until that transaction ends. An update without a change locks an existing row, so that it is not deleted
 * meanwhile.
 */
const TAKE = `
  insert into command_keys (actor, key, digest) values ($1, $2, $3)
  on conflict (actor, key) do update set key = excluded.key
  returning digest, status, body`;

/** Executes each keyed command once, however often it is sent. */
@Injectable()
export class CommandKeysRepository {
  /** Of several repetitions in this process, one waits in Postgres. Otherwise each would hold a connection. */
  private readonly turns = new SerialTasks();

  constructor(@InjectDataSource() private readonly dataSource: AmbientDataSource) {}

  /**
   * Executes `work` and stores its answer in one transaction, unless the command was executed before; then returns the
   * stored answer. When `work` throws, everything is rolled back and the key can be used again. Throws KeyReused.
   */
  once(
    { actor, key, digest }: KeyedCommand,
    work: () => Promise<KeptAnswer>,
  ): Promise<{ readonly replayed: boolean; readonly answer: KeptAnswer }> {
    return this.turns.take(JSON.stringify([actor, key]), () =>
      this.dataSource.together(async () => {
        const [row] = await this.dataSource.query<[{ digest: string; status: number | null; body: string | null }]>(
          TAKE,
          [actor, key, digest],
        );
        if (row.digest !== digest) throw new KeyReused(`${key} was used for another command`);
        if (row.status !== null) return { replayed: true, answer: { status: row.status, body: row.body } };
        const answer = await work();
        await this.dataSource.query('update command_keys set status = $3, body = $4 where actor = $1 and key = $2', [
          actor,
          key,
          answer.status,
          answer.body,
        ]);
        return { replayed: false, answer };
      }),
    );
  }

  /** Whether the command of a key was executed, so that its stored answer will be returned. */
  async isAnswered({ actor, key }: Pick<KeyedCommand, 'actor' | 'key'>): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'select 1 from command_keys where actor = $1 and key = $2 and status is not null',
      [actor, key],
    );
    return rows.length > 0;
  }

  /** Deletes up to `limit` keys that are older than this number of days; returns how many. */
  async forget({ days, limit }: { readonly days: number; readonly limit: number }): Promise<number> {
    const [, count] = await this.dataSource.query<[unknown[], number]>(
      `delete from command_keys where (actor, key) in (
         select actor, key from command_keys where created_at < now() - make_interval(days => $1)
         order by created_at limit $2 for update skip locked
       )`,
      [days, limit],
    );
    return count;
  }
}
