import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type FakeClock, fakeClock, type ScriptedApp, waitFor } from '#libs/testing';
import { WorkerStage } from './worker-stage.js';

const SLOW = 60_000;
const SECOND = 1000;
const HOUR_SECONDS = 3600;
const ACK_WAIT = 2;
/** Longer than the broker waits for a worker that does not report its work. */
const CALL = 3 * ACK_WAIT * SECOND;
const MAIN = join('dist', 'services', 'worker', 'src', 'main.js');

let clock: FakeClock | null;
let stage: WorkerStage;
let app: ScriptedApp;
let workers: ChildProcess[];

beforeAll(async () => {
  clock = await fakeClock();
});
afterAll(() => clock?.close());

beforeEach(async () => {
  workers = [];
  stage = await WorkerStage.open();
  // With one slot, the first worker requests nothing during the call, so a redelivery goes to the second one.
  const serial = { name: 'serial', ackWait: ACK_WAIT, concurrency: 1 };
  app = await stage.app({ ...serial, script: () => ({ kind: 'ok', slowMs: CALL }) });
});
afterEach(async () => {
  for (const child of workers) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await stage.close();
});

async function start(id: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const env = { NATS_URL: stage.nats.url, WORKER_ID: id, LOG_LEVEL: 'error', ...more };
  const child = fork(MAIN, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  workers.push(child);
  await once(child, 'message');
}

describe('a worker whose clock is set by an hour during a call', () => {
  it.each([
    ['back', -HOUR_SECONDS],
    ['forward', HOUR_SECONDS],
  ])(
    '%s keeps its message, so that the app receives the file once',
    async (_, jump) => {
      if (!clock) return;
      await clock.set(0);
      await start('w1', clock.environment);
      const slip = stage.slip(['serial']);
      await stage.publish(slip);
      await waitFor(() => app.callsFor(slip.guid).length === 1);
      await clock.set(jump);
      await start('w2');
      const { event, count } = await stage.untilSettled(slip, SLOW);
      expect({ worker: event.worker, call: event.call, count }).toEqual({ worker: 'w1', call: 1, count: 1 });
      expect(app.callsFor(slip.guid)).toHaveLength(1);
      const seconds = (event.times.settled! - event.times.started) / SECOND;
      expect(seconds).toBeGreaterThanOrEqual(CALL / SECOND - 1);
      expect(seconds).toBeLessThan(SLOW / SECOND);
    },
    SLOW,
  );
});
