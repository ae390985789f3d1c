import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const SECOND = 1000;
const RETRY = SECOND / 2;
/** Arbitrary, and the same in every scheduler. */
const LOCK_KEY = 712_004;
/** How often the leader looks for a sign of its connection, and how often in vain before it counts as broken. */
const LOOK_EVERY = SECOND;
const LOOKS_IN_VAIN = 3;
/**
 * Postgres frees the lock of a client that vanished without a word (a cut network) only when it notices: by its own
 * keepalives, which begin after two hours by default. Idle and interval in seconds, user timeout in milliseconds.
 */
const NOTICE_LOSS = `
  set tcp_keepalives_idle = 1;
  set tcp_keepalives_interval = 1;
  set tcp_keepalives_count = 3;
  set tcp_user_timeout = 4000;`;

/** What the one leader holds: its epoch, until it resigns. */
export interface Leadership {
  readonly epoch: number;
  resign(): Promise<void>;
}

/**
 * Waits until this process is the only scheduler of the database: an advisory lock on a connection of its own, freed
 * by Postgres when the process dies or cannot be reached, within five seconds. `onLost` is called once when that
 * connection breaks or gives no sign.
 */
export async function becomeLeader(databaseUrl: string, onLost: (error: Error) => void): Promise<Leadership> {
  const socket = new Socket();
  const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true, stream: () => socket });
  let isOver = false;
  // A broken connection reports more than one error.
  const lose = (error: Error) => {
    if (!isOver) onLost(error);
    isOver = true;
    socket.destroy();
  };
  client.on('error', lose);
  await client.connect();
  await client.query(NOTICE_LOSS);
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK_KEY]);
    if (rows[0]?.locked) break;
    await wait(RETRY);
  }
  // Waits for what the leader before has begun to write.
  const { rows } = await client.query<{ epoch: string }>('update leader set epoch = epoch + 1 returning epoch');
  let inVain = 0;
  // Looks are counted, not seconds: when this process itself stood still, the answer is there and only not read yet.
  const looking = setInterval(() => {
    if (isOver) return clearInterval(looking);
    if (inVain === 0) client.query('select 1').then(() => (inVain = 0), lose);
    inVain += 1;
    if (inVain > LOOKS_IN_VAIN) lose(new Error(`Postgres has given no sign for ${LOOKS_IN_VAIN} s.`));
  }, LOOK_EVERY).unref();
  return {
    epoch: Number(rows[0]!.epoch),
    resign: async () => {
      clearInterval(looking);
      isOver = true;
      await client.end();
    },
  };
}
