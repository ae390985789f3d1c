import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const SECOND = 1000;
const RETRY = SECOND / 2;
/** Arbitrary; equal in all schedulers. */
const LOCK_KEY = 712_004;
/** Interval of the checks of the connection, and the number of unanswered checks after which it counts as broken. */
const CHECK_INTERVAL = SECOND;
const MAX_UNANSWERED = 3;
/**
 * Postgres frees the lock of a client that disappeared (for example in a network failure) when its keepalives detect
 * it, by default after more than two hours. Idle time and interval in seconds, user timeout in milliseconds.
 *
 * The keepalives of a suspended process are answered by its kernel. The session asks every second, so the server ends
 * it when it has been silent for the idle timeout, in milliseconds.
 */
const SESSION_SETTINGS = `
  set idle_session_timeout = ${10 * SECOND};
  set tcp_keepalives_idle = 1;
  set tcp_keepalives_interval = 1;
  set tcp_keepalives_count = 3;
  set tcp_user_timeout = 4000;`;

/** The epoch of the leader, until it resigns. */
export interface Leadership {
  readonly epoch: number;
  resign(): Promise<void>;
}

/**
 * Waits until this process is the only leader of the database: it holds an advisory lock on a dedicated connection.
 * Postgres frees the lock within 5 s when the process dies or is unreachable, and within 10 s when it is suspended. `onLost` is called once when the
 * connection breaks or does not respond.
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
  await client.query(SESSION_SETTINGS);
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK_KEY]);
    if (rows[0]?.locked) break;
    await wait(RETRY);
  }
  // Waits for the transactions of the previous leader.
  const { rows } = await client.query<{ epoch: string }>('update leader set epoch = epoch + 1 returning epoch');
  let unanswered = 0;
  // Counts checks, not seconds: after a suspension of this process, the response has arrived but was not read yet.
  const checking = setInterval(() => {
    if (isOver) return clearInterval(checking);
    if (unanswered === 0) client.query('select 1').then(() => (unanswered = 0), lose);
    unanswered += 1;
    if (unanswered > MAX_UNANSWERED)
      lose(new Error(`The leader connection to Postgres did not respond for ${MAX_UNANSWERED} s.`));
  }, CHECK_INTERVAL).unref();
  return {
    epoch: Number(rows[0]!.epoch),
    resign: async () => {
      clearInterval(checking);
      isOver = true;
      await client.end();
    },
  };
}
