import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { freePort } from '#deploy/local';
import { waitFor } from '#libs/testing';
import { SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;
// Real processes run the compiled code; `npm test` builds it first.
const MAIN = join('dist', 'services', 'scheduler', 'src', 'main.js');

let stage: SchedulerStage;
let postgres: pg.Client;
const children: ChildProcess[] = [];

beforeAll(async () => {
  stage = await SchedulerStage.open();
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  await stage.registerApp('shots', 2);
});

afterAll(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await postgres.end();
  await stage.close();
});

/** Starts a scheduler process, which may become the standby; `healthPort`: where it answers probes. */
function start(healthPort?: number): ChildProcess {
  const addresses = { NATS_URL: stage.nats.url, DATABASE_URL: stage.database.url };
  const probes = healthPort === undefined ? {} : { HEALTH_PORT: String(healthPort) };
  const env = { ...addresses, ...probes, LOG_LEVEL: 'error', ACK_WAIT: '60' };
  const child = fork(MAIN, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  children.push(child);
  return child;
}

/** Waits until a scheduler waits for the lock of the leader. */
const untilStandby = () =>
  waitFor(
    async () => {
      const { rows } = await postgres.query(
        `select 1 from pg_stat_activity where datname = current_database() and query like '%try_advisory_lock%'
           and pid <> pg_backend_pid()`,
      );
      return rows.length > 0;
    },
    { within: SLOW },
  );

describe('a scheduler that has been replaced as the leader', () => {
  it(
    'writes nothing, logs the reason and exits; the standby continues',
    async () => {
      const deposed = start();
      await once(deposed, 'message');
      const batch = await stage.draftBatch('deposed', 1, ['shots']);
      await postgres.query(
        `with raised as (update leader set epoch = epoch + 1)
         update batches set state = 'running', started_at = now() where id = $1`,
        [batch],
      );
      const [output, [code]] = await Promise.all([text(deposed.stdout!), once(deposed, 'exit')]);
      expect(code).toBe(1);
      const lines = output.trim().split('\n');
      expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual(
        expect.objectContaining({
          level: 60,
          msg: 'this scheduler is no longer the leader',
          err: expect.objectContaining({ type: 'NotLeaderError' }),
        }),
      );
      expect(await stage.states(batch)).toEqual(['waiting']);
      expect(await stage.stages('shots')).toEqual([]);

      const next = start();
      await once(next, 'message');
      const { slip } = await stage.untilStage('shots', batch, 0);
      expect(slip.generation).toBe(1);
    },
    SLOW,
  );

  it(
    'is replaced by the standby, which was ready all the time, when it is killed',
    async () => {
      const port = await freePort();
      const probe = async (path: string) => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`);
        return { status: response.status, body: (await response.json()) as unknown };
      };
      const standby = start(port);
      const leading = once(standby, 'message');
      await untilStandby();
      expect(await probe('/livez')).toEqual({ status: 200, body: { live: true } });
      expect(await probe('/healthz')).toMatchObject({ status: 200, body: { role: 'standby' } });
      children.at(-2)!.kill('SIGKILL');
      await leading;
      expect(await probe('/healthz')).toMatchObject({ status: 200, body: { role: 'leader' } });
      const batch = await stage.startBatch('followed', 1, ['shots']);
      expect((await stage.untilStage('shots', batch, 0)).slip.generation).toBe(1);
    },
    SLOW,
  );

  it(
    'is replaced by the standby when it is suspended, and exits when it continues',
    async () => {
      const suspended = children.at(-1)!;
      const standby = start();
      const leading = once(standby, 'message');
      await untilStandby();
      suspended.kill('SIGSTOP');
      await leading;
      const batch = await stage.startBatch('thawed', 1, ['shots']);
      await stage.untilStage('shots', batch, 0);
      const exited = once(suspended, 'exit');
      suspended.kill('SIGCONT');
      expect((await exited)[0]).toBe(1);
    },
    SLOW,
  );
});
