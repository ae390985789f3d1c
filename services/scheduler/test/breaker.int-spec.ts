import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appKey, CONTROL_BUCKET, jobSubject } from '#libs/contracts';
import { askOperator } from '#libs/messaging';
import { createLogger, type RunningService } from '#libs/runtime';
import { type ScriptedApp, startScriptedApp, waitFor } from '#libs/testing';
import { startWorker } from '../../worker/src/start-worker.js';
import { SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;
const FILES = 60;
const SLOTS = 4;

let stage: SchedulerStage;
let app: ScriptedApp;
let isBroken = false;
/** Whether the app answers 503 to a file. */
let isBusy: (guid: string) => boolean = () => false;
let scheduler: RunningService;
let worker: RunningService;
let postgres: pg.Client;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  app = await startApp();
  await stage.registerApp('shots', SLOTS, app);
  scheduler = await stage.startScheduler();
  const config = { LOG_LEVEL: 'error', NATS_URL: stage.nats.url, WORKER_APPS: [], WORKER_ID: 'w1' } as const;
  worker = await startWorker({ ...config, WORKER_APPS: [] }, createLogger('test', 'silent'));
});

afterAll(async () => {
  await worker.close();
  await scheduler.close();
  await app.close();
  await postgres.end();
  await stage.close();
});

const startApp = (options: { readonly port?: number } = {}) =>
  startScriptedApp({
    ...options,
    name: 'shots',
    script: ({ guid }) => ({ kind: isBusy(guid) ? 'busy' : isBroken ? 'garbage' : 'ok' }),
  });
async function control(): Promise<{ paused: boolean; concurrency: number }> {
  const bucket = await stage.link.connection.jetstream().views.kv(CONTROL_BUCKET);
  return (await bucket.get(appKey('shots')))!.json();
}
const breaker = async () => {
  const { rows } = await postgres.query<{ paused_by: string | null; paused_why: string; trips: number | null }>(
    `select a.paused_by, a.paused_why, k.trips, k.probing
     from apps a left join app_breakers k on k.app_id = a.id where a.slug = 'shots'`,
  );
  return rows[0]!;
};
const holds = async () => {
  const { rows } = await postgres.query<{ batch_id: number; trips: number; minutes: number; reason: string }>(
    `select batch_id, trips, reason, round(extract(epoch from probe_at - now()) / 60)::int as minutes from batch_holds`,
  );
  return rows;
};
const operator = (set: string) => postgres.query(`update apps set ${set} where slug = 'shots'`);
const untilPaused = (trips: number) =>
  waitFor(async () => (await breaker()).trips === trips && (await control()).paused, {
    within: SLOW / 2,
    what: `Pause ${trips}`,
  });
/** The breaker judges a probe at its next look: the last file may have ended before that. */
const untilClosed = () =>
  waitFor(async () => (await breaker()).paused_by === null && (await breaker()).trips === null, {
    within: SLOW / 2,
    what: 'The closed breaker',
  });
const count = async (batch: number, state: string) =>
  (await stage.states(batch)).filter((found) => found === state).length;
const untilEnded = (batch: number) =>
  waitFor(async () => (await count(batch, 'waiting')) + (await count(batch, 'running')) === 0, { within: SLOW / 2 });
/** Two batches that fail in the same way: together they are evidence against the app. */
const startBrokenBatches = async (prefix: string) => {
  const [first, second] = [
    await stage.draftBatch(`${prefix}-a`, 15, ['shots']),
    await stage.draftBatch(`${prefix}-b`, 15, ['shots']),
  ];
  isBroken = true;
  await Promise.all([stage.start(first), stage.start(second)]);
  await untilPaused(1);
  return [first, second] as const;
};

describe('a batch with 20 files that fail in the same way', () => {
  let batch: number;
  let failed: number;

  it(
    'is held at the stage, and the app continues for others',
    async () => {
      batch = await stage.draftBatch('broken', FILES, ['shots']);
      isBroken = true;
      await stage.start(batch);
      await waitFor(async () => (await holds()).length === 1, { within: SLOW / 2, what: 'The hold' });
      expect(await holds()).toMatchObject([
        { batch_id: batch, trips: 1, reason: expect.stringMatching(/^20 files failed/) },
      ]);
      await waitFor(async () => (await count(batch, 'running')) === 0, { within: SLOW / 2 });
      failed = await count(batch, 'failed');
      expect(failed).toBeGreaterThanOrEqual(20);
      expect(failed).toBeLessThanOrEqual(20 + SLOTS);
      expect(await breaker()).toMatchObject({ paused_by: null });
    },
    SLOW,
  );

  it(
    'is probed with one file that has not failed, and held for longer when that fails too',
    async () => {
      const before = app.calls.length;
      await postgres.query('update batch_holds set probe_at = now()');
      await waitFor(async () => (await holds())[0]?.trips === 2, { within: SLOW / 2, what: 'The failed probe' });
      expect((await holds())[0]!.minutes).toBe(2);
      expect(app.calls.length).toBe(before + 1);
      expect(await count(batch, 'failed')).toBe(failed);
    },
    SLOW,
  );

  it(
    'continues when the probe of another leader succeeds',
    async () => {
      isBroken = false;
      await scheduler.close();
      await postgres.query('update batch_holds set probe_at = now()');
      scheduler = await stage.startScheduler();
      await untilEnded(batch);
      expect(await holds()).toEqual([]);
      expect(await count(batch, 'done')).toBe(FILES - failed);
    },
    SLOW,
  );
});

describe('an app that fails for 20 files of two batches in the same way', () => {
  it(
    'is paused with a reason, probed with one slot, and continues when the probe succeeds',
    async () => {
      const [first, second] = await startBrokenBatches('two');
      expect((await breaker()).paused_why).toMatch(
        /^shots failed for 20 files of several batches in the same way \(.+\)\./,
      );
      await scheduler.close();
      await postgres.query('update app_breakers set probe_at = now()');
      isBroken = false;
      scheduler = await stage.startScheduler();
      await untilEnded(first);
      await untilEnded(second);
      await untilClosed();
      const hasAllSlots = async () => {
        const { paused, concurrency } = await control();
        return !paused && concurrency === SLOTS;
      };
      expect(await waitFor(hasAllSlots)).toBe(true);
    },
    SLOW,
  );
});

describe('an app that refuses connections', () => {
  it(
    'is paused, costs no file of a small or a larger batch, and continues when it is back',
    async () => {
      const port = Number(new URL(app.url).port);
      await app.close();
      const [small, larger] = [
        await stage.startBatch('away-3', 3, ['shots']),
        await stage.startBatch('away-40', 40, ['shots']),
      ];
      await waitFor(async () => (await breaker()).paused_by === 'breaker', { within: SLOW / 2, what: 'The pause' });
      expect((await breaker()).paused_why).toMatch(/^shots has been unreachable since .+ECONNREFUSED/);
      app = await startApp({ port });
      await untilEnded(small);
      await untilEnded(larger);
      expect([await count(small, 'done'), await count(larger, 'done')]).toEqual([3, 40]);
      await untilClosed();
    },
    SLOW,
  );
});

describe('an app that answers 503', () => {
  let batch: number;
  const FILES_OF_BATCH = 4;
  const REFUSED = 'starting-3';
  const attempts = async () => {
    const { rows } = await postgres.query<{ attempt: number }>(
      'select attempt from runs where batch_id = $1 order by row',
      [batch],
    );
    return rows.map(({ attempt }) => attempt);
  };
  /** Moves the retry of the refused file, so that no test waits for its delay. */
  const retryRefused = (at: string) =>
    postgres.query(`update runs set not_before = ${at} where batch_id = $1 and row = 3 and state = 'waiting'`, [batch]);

  it(
    'is paused while it starts, and its files wait without losing an attempt until they are done',
    async () => {
      isBusy = () => true;
      batch = await stage.startBatch('starting', FILES_OF_BATCH, ['shots']);
      await waitFor(async () => (await breaker()).paused_by === 'breaker', { within: SLOW / 2, what: 'The pause' });
      expect((await breaker()).paused_why).toMatch(/^shots has been unreachable since .+\(status 503\)/);
      await waitFor(async () => (await count(batch, 'waiting')) === FILES_OF_BATCH, { within: SLOW / 2 });
      await retryRefused("'infinity'");
      isBusy = (guid) => guid === REFUSED;
      await waitFor(async () => (await count(batch, 'done')) === FILES_OF_BATCH - 1, { within: SLOW / 2 });
      await untilClosed();
      expect(await attempts()).toEqual([0, 0, 0, 0]);
    },
    SLOW,
  );

  it(
    'fails a file that it refuses five times while it processes others, and is not paused for it',
    async () => {
      await stage.changeApp('shots', { retry: { unreachable: { attempts: 0, delaySeconds: 0 } } });
      const hasFailed = async () => {
        await retryRefused('now()');
        stage.link.wake(jobSubject(batch, 'retried'));
        return (await count(batch, 'failed')) === 1;
      };
      await waitFor(hasFailed, { within: SLOW / 2, what: 'The failed file' });
      expect(app.callsFor(REFUSED)).toHaveLength(5);
      expect(await breaker()).toMatchObject({ paused_by: null, trips: null });
      isBusy = () => false;
    },
    SLOW,
  );
});

describe('an operator', () => {
  it(
    'can resume an app that the breaker has paused',
    async () => {
      const [first, second] = await startBrokenBatches('resumed');
      isBroken = false;
      await operator('paused_at = null, paused_by = null, paused_why = null');
      await untilEnded(first);
      await untilEnded(second);
      await untilClosed();
      const hasAllSlots = async () => {
        const { paused, concurrency } = await control();
        return !paused && concurrency === SLOTS;
      };
      expect(await waitFor(hasAllSlots)).toBe(true);
    },
    SLOW,
  );

  it(
    'can hold a batch at a stage, where its files wait until the hold is resumed',
    async () => {
      isBroken = false;
      const ask = (verb: 'hold' | 'resume', request: object) =>
        askOperator(stage.link.connection, verb, { actor: 'kc', ...request }, SLOW);
      const batch = await stage.draftBatch('held', 5, ['shots', 'shots']);
      await operator('paused_at = now(), paused_by = $$kc$$');
      await stage.start(batch);
      expect(await ask('hold', { batch, stage: 1, why: 'Wrong parameters' })).toMatchObject({ ok: true, count: 0 });
      expect(await holds()).toMatchObject([{ batch_id: batch, reason: 'Wrong parameters' }]);
      await operator('paused_at = null, paused_by = null');
      const waitingAt = async (index: number) => {
        const { rows } = await postgres.query<{ count: number }>(
          `select count(*)::int as count from runs where batch_id = $1 and state = 'waiting' and next_index = $2`,
          [batch, index],
        );
        return rows[0]!.count;
      };
      await waitFor(async () => (await waitingAt(1)) === 5, { within: SLOW / 2, what: 'All files at the held stage' });
      expect(await ask('resume', { batch, stage: 1 })).toMatchObject({ ok: true, count: 5 });
      await untilEnded(batch);
      expect(await holds()).toEqual([]);
      expect(await count(batch, 'done')).toBe(5);
    },
    SLOW,
  );

  it(
    'can keep an app paused independently of the breaker',
    async () => {
      await startBrokenBatches('kept');
      await operator("paused_by = 'kc', paused_why = 'Maintenance'");
      isBroken = false;
      await waitFor(async () => (await breaker()).trips === null, { within: SLOW / 2 });
      const other = await stage.startBatch('through', 1, ['shots']);
      await waitFor(async () => (await control()).paused);
      expect(await breaker()).toMatchObject({ paused_by: 'kc', paused_why: 'Maintenance' });
      expect(await stage.states(other)).toEqual(['waiting']);
    },
    SLOW,
  );
});
