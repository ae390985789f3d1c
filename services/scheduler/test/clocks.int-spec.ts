import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { decodeBody, liveCommitSchema, liveSubject, stageSubject, STREAMS } from '#libs/contracts';
import { readLast } from '#libs/messaging';
import { type FakeClock, fakeClock, waitFor } from '#libs/testing';
import { eventOf, type FoundStage, SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;
const HOUR_SECONDS = 3600;
const DELAY_SECONDS = 1;
const MAIN = join('dist', 'services', 'scheduler', 'src', 'main.js');

let clock: FakeClock | null;
let stage: SchedulerStage;
let scheduler: ChildProcess;

beforeAll(async () => {
  clock = await fakeClock();
  stage = await SchedulerStage.open();
  const env = { NATS_URL: stage.nats.url, DATABASE_URL: stage.database.url, LOG_LEVEL: 'error' };
  scheduler = fork(MAIN, { env: { ...env, ...clock?.environment }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(scheduler, 'message');
  for (const slug of ['shots', 'text']) await stage.registerApp(slug, 1);
  await stage.changeApp('shots', { retry: { 'app-error': { attempts: 1, delaySeconds: DELAY_SECONDS } } });
});

afterAll(async () => {
  scheduler.kill('SIGKILL');
  await once(scheduler, 'exit');
  await stage.close();
  await clock?.close();
});

/** Fails the stage like a worker with a correct clock, and waits until it is published again; returns the seconds between. */
async function secondsUntilAgain({ slip }: FoundStage, failure: Parameters<typeof eventOf>[1]): Promise<number> {
  const now = Date.now();
  const times = { published: now, started: now, settled: now };
  await stage.report(eventOf(slip, { kind: 'failed', times, ...failure }));
  const app = slip.route[slip.index]!.app;
  const again = await waitFor(
    async () => {
      const last = await readLast(stage.link.connection, STREAMS.stages.name, stageSubject(app, slip));
      return Number(last?.headers.get('Chowda-Lineage')?.split('.')[0]) > slip.generation && last;
    },
    { within: SLOW / 2, what: 'The next attempt' },
  );
  return (Number(BigInt(again.timestamp) / 1_000_000n) - now) / 1000;
}

describe('a scheduler whose clock is set by an hour', () => {
  it.each([
    ['back', -HOUR_SECONDS],
    ['forward', HOUR_SECONDS],
  ])(
    '%s keeps the delay of a retry, and publishes live updates',
    async (direction, jump) => {
      if (!clock) return;
      await clock.set(0);
      const batch = await stage.startBatch(direction, 1, ['shots']);
      const found = await stage.untilStage('shots', batch, 0);
      await clock.set(jump);
      const waiting: number[] = [];
      const live = stage.link.connection.subscribe(liveSubject(batch), {
        callback: (_, { data }) => waiting.push(liveCommitSchema.parse(decodeBody(data).head).summary.runs.waiting),
      });
      const seconds = await secondsUntilAgain(found, { outcome: 'app-error', sentence: 'It failed.' });
      expect(seconds).toBeGreaterThanOrEqual(DELAY_SECONDS);
      await waitFor(() => waiting.includes(1), { what: 'The live update of the waiting run' });
      live.unsubscribe();
    },
    SLOW,
  );

  it(
    'back ends the pause of a busy app in time',
    async () => {
      if (!clock) return;
      await clock.set(0);
      const batch = await stage.startBatch('busy', 1, ['text']);
      const found = await stage.untilStage('text', batch, 0);
      const ofBusy = secondsUntilAgain(found, { outcome: 'unreachable', unreached: 'busy', sentence: 'It is busy.' });
      await waitFor(async () => (await stage.states(batch))[0] === 'waiting', { what: 'The pause' });
      await clock.set(-HOUR_SECONDS);
      expect(await ofBusy).toBeLessThan(HOUR_SECONDS);
    },
    SLOW,
  );
});
