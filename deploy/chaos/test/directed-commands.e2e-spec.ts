import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { DirectedStage } from './directed-stage.js';

const MINUTE = 60_000;
const FILES = 3;

let stage: DirectedStage;

beforeAll(async () => {
  stage = await DirectedStage.open();
}, MINUTE);

afterAll(() => stage.close(), MINUTE);

describe('a scheduler that is killed after a command and before its answer', () => {
  it(
    'retries failed runs once when the retry command is repeated with its key',
    async () => {
      const [name, dying] = ['retried', 'retrying-scheduler'];
      const scheduler = await stage.keep('scheduler', 'scheduler');
      // Output that is not valid MMIF is not retried automatically.
      const { apps } = await stage.pipeline(name, 1, ({ attempt }) => ({ kind: attempt === 1 ? 'garbage' : 'ok' }));
      const worker = await stage.keep('worker', 'worker');
      const batch = await stage.createBatch(name, FILES);
      await stage.start(batch);
      await stage.untilFinished(batch);
      await scheduler.stop();
      const successor = await stage.keepDying('scheduler', { name: dying, steps: ['commanded'] });
      try {
        const isKilled = () => stage.wasKilled(dying, 'commanded');
        const { answer, isReplayed } = await stage.sendUntilAnswered(`/api/batches/${batch}/retry`, isKilled);
        expect([answer.count, isReplayed]).toEqual([FILES, true]);
        const { rows, settlements } = await stage.outcome(batch);
        expect(rows.map(({ state }) => state)).toEqual(Array(FILES).fill('done'));
        expect([...settlements.values()]).toEqual(Array(FILES).fill(2));
        expect(apps[0]!.calls).toHaveLength(2 * FILES);
        expect(await stage.disagreements()).toEqual([]);
      } finally {
        await Promise.all([successor.stop(), worker.stop()]);
      }
    },
    2 * MINUTE,
  );

  it(
    'cancels a batch once when the cancel command is repeated with its key',
    async () => {
      const [name, dying] = ['cancelled', 'cancelling-scheduler'];
      const scheduler = await stage.keep('scheduler', 'scheduler');
      let release = () => undefined as void;
      const released = new Promise<void>((resolve) => (release = resolve));
      const { apps } = await stage.pipeline(name, 1, () => ({ kind: 'held', until: released }));
      const worker = await stage.keep('worker', 'worker');
      const batch = await stage.createBatch(name, FILES);
      await stage.start(batch);
      await waitFor(() => apps[0]!.calls.length === 1, { what: 'The first call' });
      await scheduler.stop();
      const successor = await stage.keepDying('scheduler', { name: dying, steps: ['commanded'] });
      try {
        const isKilled = () => stage.wasKilled(dying, 'commanded');
        const { answer, isReplayed } = await stage.sendUntilAnswered(`/api/batches/${batch}/cancel`, isKilled);
        expect([answer.count, isReplayed]).toEqual([FILES, true]);
        await stage.untilFinished(batch);
        // The worker acknowledges the message of a cancelled call when the app releases the call.
        release();
        const { rows } = await stage.outcome(batch);
        expect(rows.map(({ state }) => state)).toEqual(Array(FILES).fill('cancelled'));
        expect(apps[0]!.calls).toHaveLength(1);
        expect(await stage.disagreements()).toEqual([]);
      } finally {
        await Promise.all([successor.stop(), worker.stop()]);
      }
    },
    2 * MINUTE,
  );
});
