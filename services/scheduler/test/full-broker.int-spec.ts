import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DOCUMENTS_BUCKET } from '#libs/contracts';
import type { RunningService } from '#libs/runtime';
import { type ScriptedApp, startScriptedApp, waitFor } from '#libs/testing';
import { SchedulerStage } from './scheduler-stage.js';

const MIB = 1024 ** 2;
const SLOW = 60_000;
/** Their documents take about twice the limit of the bucket. */
const FILES = 24;
// Large answers are checked in a thread, which runs the compiled code; `npm test` builds it first.
const WORKER = join('dist', 'services', 'worker', 'src', 'main.js');

let stage: SchedulerStage;
let apps: ScriptedApp[];
let scheduler: RunningService;
let worker: ChildProcess;

beforeAll(async () => {
  stage = await SchedulerStage.open({ maxFileStore: '20MB' });
  apps = [
    await startScriptedApp({ name: 'large', script: () => ({ kind: 'ok', noiseBytes: 1.5 * MIB }) }),
    await startScriptedApp({ name: 'small' }),
  ];
  await stage.registerApp('large', 2, apps[0]);
  await stage.registerApp('small', 2, apps[1]);
  scheduler = await stage.startScheduler();
  const env = { NATS_URL: stage.nats.url, WORKER_ID: 'w1', LOG_LEVEL: 'error' };
  worker = fork(WORKER, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}, SLOW);
afterAll(async () => {
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  await scheduler.close();
  await Promise.all(apps.map((app) => app.close()));
  await stage.close();
}, SLOW);

const isDone = (batch: number) => async () => (await stage.states(batch)).every((state) => state === 'done');

describe('a broker whose storage is smaller than the documents of a batch', () => {
  it('finishes the batch and others, because archived documents are removed', async () => {
    const large = await stage.startBatch('large', FILES, ['large']);
    await waitFor(isDone(large), { within: SLOW, what: 'The batch of large documents' });
    const small = await stage.startBatch('small', 5, ['small']);
    await waitFor(isDone(small), { within: SLOW, what: 'The batch of small documents' });
    expect(apps[0]!.calls).toHaveLength(FILES);
    const { streams } = await stage.link.connection.jetstreamManager();
    const { state, config } = await streams.info(`OBJ_${DOCUMENTS_BUCKET}`);
    expect(state.bytes).toBeLessThan(config.max_bytes);
  }, 120_000);
});
