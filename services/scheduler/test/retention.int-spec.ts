import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createLogger, type RunningService } from '#libs/runtime';
import { type ScriptedApp, startScriptedApp, waitFor } from '#libs/testing';
import { startWorker } from '../../worker/src/start-worker.js';
import { SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;
const APPS = ['shots', 'text'] as const;

let stage: SchedulerStage;
let apps: ScriptedApp[];
let scheduler: RunningService;
let worker: RunningService;
let postgres: pg.Client;
beforeAll(async () => {
  stage = await SchedulerStage.open();
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  apps = await Promise.all(APPS.map((name) => startScriptedApp({ name })));
  for (const [at, slug] of APPS.entries()) await stage.registerApp(slug, 2, apps[at]);
  scheduler = await stage.startScheduler();
  const config = { LOG_LEVEL: 'error', NATS_URL: stage.nats.url, WORKER_APPS: [], WORKER_ID: 'w1' } as const;
  worker = await startWorker({ ...config, WORKER_APPS: [] }, createLogger('test', 'silent'));
});
afterAll(async () => {
  await worker.close();
  await scheduler.close();
  await Promise.all(apps.map((app) => app.close()));
  await postgres.end();
  await stage.close();
});

const documents = async () =>
  (await postgres.query<{ count: number }>('select count(*)::int as count from documents')).rows[0]!.count;

describe('the leader', () => {
  it('keeps only the newest document of each file after a batch has finished, and none of a deleted batch', async () => {
    const batch = await stage.draftBatch('kept', 3, APPS);
    await postgres.query(`insert into batch_retention (batch_id, keep) values ($1, 'final')`, [batch]);
    await stage.start(batch);
    const isDone = async () => (await stage.states(batch)).every((state) => state === 'done');
    await waitFor(isDone, { within: SLOW, what: 'The batch' });
    await waitFor(async () => (await documents()) === 3, { within: SLOW, what: 'The removal of what is not kept' });
    const { stages } = await stage.run(batch, 0);
    expect(stages.map(({ state, document }) => [state, document !== null])).toEqual([
      ['done', false],
      ['done', true],
    ]);

    await postgres.query('begin');
    await postgres.query('delete from stage_runs where run_id in (select id from runs where batch_id = $1)', [batch]);
    await postgres.query('update document_sweep set wanted = true');
    await postgres.query('commit');
    await waitFor(async () => (await documents()) === 0, { within: SLOW, what: 'The removal of strays' });
  }, 180_000);
});
