import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createLogger, type RunningService } from '#libs/runtime';
import { copyDatabase, type ScriptedApp, startScriptedApp, type TestDatabase, waitFor } from '#libs/testing';
import { startWorker } from '../../worker/src/start-worker.js';
import { SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;
const ROUTE = ['shots', 'text'];
const LOG = createLogger('test', 'silent');

let stage: SchedulerStage;
let apps: ScriptedApp[];
let worker: RunningService;
let scheduler: RunningService | undefined;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  apps = await Promise.all(ROUTE.map((name) => startScriptedApp({ name, script: () => ({ kind: 'ok', slowMs: 50 }) })));
  for (const [index, name] of ROUTE.entries()) await stage.registerApp(name, 2, apps[index]);
  scheduler = await stage.startScheduler();
  const config = { LOG_LEVEL: 'error', NATS_URL: stage.nats.url, WORKER_APPS: ROUTE, WORKER_ID: 'w1' } as const;
  worker = await startWorker(config, LOG);
});

afterAll(async () => {
  await worker.close();
  await scheduler?.close();
  await Promise.all(apps.map((app) => app.close()));
  await stage.close();
});

async function stopScheduler(): Promise<void> {
  await scheduler?.close();
  scheduler = undefined;
}

const done = async (batch: number) => (await stage.states(batch)).filter((state) => state === 'done').length;
const untilDone = (batch: number, files: number) =>
  waitFor(async () => (await done(batch)) >= files, { within: SLOW, what: `${files} files of batch ${batch} done` });

/** Stops the scheduler and copies the database; the copy is the backup. */
async function backUp(): Promise<TestDatabase> {
  await stopScheduler();
  return copyDatabase(stage.database);
}

/** Replaces the database by the backup, as a restored backup or a failover to a lagging replica does. */
async function restore(backup: TestDatabase): Promise<void> {
  await stopScheduler();
  await copyDatabase(backup, stage.database);
  await backup.drop();
}

async function versionOf(batch: number): Promise<number> {
  const client = new pg.Client({ connectionString: stage.database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>('select version from batches where id = $1', [batch]);
    return Number(rows[0]!.version);
  } finally {
    await client.end();
  }
}

describe('after the database lost its last transactions', () => {
  it(
    'a batch continues where its apps are, and no app is called twice for a file',
    async () => {
      const batch = await stage.startBatch('lost', 24, ROUTE);
      await untilDone(batch, 4);
      const backup = await backUp();
      scheduler = await stage.startScheduler();
      await untilDone(batch, 14);
      const lostVersion = await versionOf(batch);
      await restore(backup);
      expect(await done(batch)).toBeLessThan(14);

      scheduler = await stage.startScheduler();
      await untilDone(batch, 24);
      const calls = apps.flatMap((app) => app.calls.map(({ guid }) => guid));
      expect(calls).toHaveLength(24 * ROUTE.length);
      expect(await versionOf(batch)).toBeGreaterThan(lostVersion + 1_000_000);
    },
    SLOW,
  );

  it(
    'a new batch with the ids of a lost one runs its own files',
    async () => {
      const backup = await backUp();
      scheduler = await stage.startScheduler();
      const lost = await stage.startBatch('gone', 3, ROUTE);
      await untilDone(lost, 3);
      await restore(backup);

      const batch = await stage.draftBatch('fresh', 3, ROUTE);
      expect(batch).toBe(lost);
      await stage.start(batch);
      scheduler = await stage.startScheduler();
      await untilDone(batch, 3);
      const calls = apps.flatMap((app) => app.calls.map(({ guid }) => guid)).filter((guid) => guid.startsWith('fresh'));
      expect(calls).toHaveLength(3 * ROUTE.length);
    },
    SLOW,
  );
});
