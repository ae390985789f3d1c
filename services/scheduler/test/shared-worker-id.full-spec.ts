import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger, type RunningService } from '#libs/runtime';
import { type ScriptedApp, startScriptedApp, waitFor } from '#libs/testing';
import { startWorker } from '../../worker/src/start-worker.js';
import { SchedulerStage } from './scheduler-stage.js';

const SECOND = 1000;
/** Longer than the sweeper waits for a stage that no worker lists: three ack waits after 15 s of silence. */
const CALL = 45 * SECOND;
const SLOW = 4 * CALL;
const FILES = 4;
const ACK_WAIT = 5;

let stage: SchedulerStage;
let app: ScriptedApp;
let services: RunningService[];

beforeAll(async () => {
  stage = await SchedulerStage.open();
  app = await startScriptedApp({ name: 'shots', script: () => ({ kind: 'ok', slowMs: CALL }) });
  await stage.registerApp('shots', FILES, app);
  services = [await stage.startScheduler({ ackWait: ACK_WAIT })];
  const config = { LOG_LEVEL: 'error', NATS_URL: stage.nats.url, WORKER_ID: 'same' } as const;
  for (let count = 0; count < 2; count += 1)
    services.push(await startWorker({ ...config, WORKER_APPS: [] }, createLogger('test', 'silent')));
});

afterAll(async () => {
  for (const service of services.toReversed()) await service.close();
  await app.close();
  await stage.close();
});

describe('two workers with one WORKER_ID', () => {
  it(
    'call the app once per file, although their calls last longer than the sweeper waits',
    async () => {
      const batch = await stage.startBatch('shared', FILES, ['shots']);
      await waitFor(async () => (await stage.states(batch)).every((state) => state === 'done'), { within: SLOW });
      const calls = Array.from({ length: FILES }, (_, row) => app.callsFor(`shared-${row}`).length);
      expect(calls).toEqual(Array(FILES).fill(1));
    },
    SLOW,
  );
});
