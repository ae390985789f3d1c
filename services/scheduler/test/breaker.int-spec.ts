import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appKey, CONTROL_BUCKET, decodeBody, liveCommitSchema, liveSubject } from '#libs/contracts';
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
let scheduler: RunningService;
let worker: RunningService;
let postgres: pg.Client;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  app = await startScriptedApp({ name: 'shots', script: () => ({ kind: isBroken ? 'garbage' : 'ok' }) });
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
const operator = (set: string) => postgres.query(`update apps set ${set} where slug = 'shots'`);
const untilPaused = (trips: number) =>
  waitFor(async () => (await breaker()).trips === trips && (await control()).paused, {
    within: SLOW,
    what: `Pause ${trips}`,
  });
const count = async (batch: number, state: string) =>
  (await stage.states(batch)).filter((found) => found === state).length;

/** Starts another scheduler as if the pause were over. */
async function letPauseEnd(): Promise<void> {
  await scheduler.close();
  await postgres.query('update app_breakers set probe_at = now()');
  scheduler = await stage.startScheduler();
}

describe('an app that fails 20 times in a row in the same way', () => {
  let batch: number;

  it(
    'is paused for workers and admission, with a reason for users',
    async () => {
      batch = await stage.draftBatch('broken', FILES, ['shots']);
      const sentences: (string | undefined)[] = [];
      const live = stage.link.connection.subscribe(liveSubject(batch), {
        callback: (_, { data }) => {
          sentences.push(liveCommitSchema.parse(decodeBody(data).head).summary.stages[0]?.paused);
        },
      });
      isBroken = true;
      await stage.start(batch);
      await untilPaused(1);
      expect(await breaker()).toMatchObject({
        paused_by: 'breaker',
        paused_why: expect.stringMatching(
          /^shots failed 20 times in a row in the same way \(.+\)\. The next attempt is at /,
        ),
      });
      await waitFor(() => sentences.at(-1)?.startsWith('shots failed 20 times'));
      live.unsubscribe();
      expect(await count(batch, 'failed')).toBeGreaterThanOrEqual(20);
      expect(await count(batch, 'waiting')).toBeGreaterThan(0);
      expect(app.calls.length).toBeLessThanOrEqual(20 + 3 * SLOTS);
    },
    SLOW,
  );

  it(
    'is probed with one slot after the pause, also by another scheduler, and paused for longer when it still fails',
    async () => {
      const before = app.calls.length;
      await letPauseEnd();
      await untilPaused(2);
      expect(app.calls.length).toBeGreaterThan(before);
      expect(app.calls.length).toBeLessThanOrEqual(before + 2 * SLOTS);
      expect((await breaker()).paused_why).toMatch(/^shots still fails in the same way/);
      const { rows } = await postgres.query('select probe_at - now() as left from app_breakers');
      expect(rows[0].left).toMatchObject({ minutes: 1 });
    },
    SLOW,
  );

  it(
    'continues with all slots when the probe succeeds',
    async () => {
      isBroken = false;
      await letPauseEnd();
      await waitFor(async () => (await count(batch, 'waiting')) === 0, { within: SLOW });
      expect(await breaker()).toMatchObject({ paused_by: null, trips: null });
      expect(await control()).toMatchObject({ paused: false, concurrency: SLOTS });
      expect(await count(batch, 'done')).toBeGreaterThan(0);
    },
    SLOW,
  );
});

describe('an operator', () => {
  it(
    'can resume an app that the breaker has paused',
    async () => {
      isBroken = true;
      const batch = await stage.startBatch('resumed', FILES, ['shots']);
      await untilPaused(1);
      isBroken = false;
      await operator('paused_at = null, paused_by = null, paused_why = null');
      await waitFor(async () => (await count(batch, 'waiting')) + (await count(batch, 'running')) === 0, {
        within: SLOW,
      });
      expect(await breaker()).toMatchObject({ paused_by: null, trips: null });
    },
    SLOW,
  );

  it(
    'can keep an app paused independently of the breaker',
    async () => {
      isBroken = true;
      const batch = await stage.startBatch('kept', FILES, ['shots']);
      await untilPaused(1);
      await operator("paused_by = 'kc', paused_why = 'Maintenance'");
      isBroken = false;
      await waitFor(async () => (await breaker()).trips === null, { within: SLOW });
      await letPauseEnd();
      const other = await stage.startBatch('through', 1, ['shots']);
      await waitFor(async () => (await control()).paused);
      expect(await breaker()).toMatchObject({ paused_by: 'kc', paused_why: 'Maintenance' });
      expect(await stage.states(other)).toEqual(['waiting']);
      expect(await count(batch, 'done')).toBe(0);
    },
    SLOW,
  );
});
