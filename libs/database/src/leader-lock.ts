import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const SECOND = 1000;
const RETRY = SECOND / 2;
/** Arbitrary, and the same in every scheduler. */
const LOCK_KEY = 712_004;

/** What the one leader holds: its epoch, until it resigns. */
export interface Leadership {
  readonly epoch: number;
  resign(): Promise<void>;
}

/**
 * Waits until this process is the only scheduler of the database: an advisory lock on a connection of its own,
 * freed by Postgres when the process dies. `onLost` is called when that connection breaks.
 */
export async function becomeLeader(databaseUrl: string, onLost: (error: Error) => void): Promise<Leadership> {
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
  let isOver = false;
  // A broken connection reports more than one error.
  client.on('error', (error) => {
    if (!isOver) onLost(error);
    isOver = true;
  });
  await client.connect();
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK_KEY]);
    if (rows[0]?.locked) break;
    await wait(RETRY);
  }
  // Waits for what the leader before has begun to write.
  const { rows } = await client.query<{ epoch: string }>('update leader set epoch = epoch + 1 returning epoch');
  return {
    epoch: Number(rows[0]!.epoch),
    resign: async () => {
      isOver = true;
      await client.end();
    },
  };
}
