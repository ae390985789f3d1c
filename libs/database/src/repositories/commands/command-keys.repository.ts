import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { JoinedDataSource } from '../../transactions/ambient-data-source.js';
import { Turns } from '../../transactions/serial-tasks.js';

/** A command as its sender names it; `digest` is of all that it says. */
export interface KeyedCommand {
  readonly actor: string;
  readonly key: string;
  readonly digest: string;
}

/** What is answered to a command; `body` is JSON, null for none. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string | null;
}

/** The key was used before, by the same actor, for another command. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/**
 * The key is there with its command's effect or not at all: both are one transaction. Whoever brings the same key waits
 * at its row until that transaction has ended. An update that changes nothing locks a row that is there already, so that
 * it is not swept meanwhile.
 */
const TAKE = `
  insert into command_keys (actor, key, digest) values ($1, $2, $3)
  on conflict (actor, key) do update set key = excluded.key
  returning digest, status, body`;

/** Commands that are done once, however often they are sent. */
@Injectable()
export class CommandKeysRepository {
  /** Of many that repeat a command here, one waits in Postgres: the others would hold a connection each. */
  private readonly turns = new Turns();

  constructor(@InjectDataSource() private readonly dataSource: JoinedDataSource) {}

  /**
   * Does `work` unless the command was done before, in one transaction with the note that it was; answers what was
   * answered then. When `work` throws, nothing has happened and the key is free. Throws KeyReused.
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

  /** Forgets up to `limit` of the keys that are older than some days; returns how many it forgot. */
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
