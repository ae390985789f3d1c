import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Slip } from '#libs/contracts';
import type { RunningService } from '#libs/runtime';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import { WorkerStage } from './worker-stage.js';

const SLOW = 60_000;
let stage: WorkerStage;
let worker: RunningService;
let serial: ScriptedApp;
const script = new Map<string, (call: AppCall) => Reaction>();

beforeAll(async () => {
  stage = await WorkerStage.open();
  const reaction = (call: AppCall) => script.get(call.guid)?.(call) ?? { kind: 'ok' as const };
  serial = await stage.app({ name: 'serial', concurrency: 1, script: reaction });
  worker = await stage.startWorker('w1');
});
afterAll(async () => {
  await worker.close();
  await stage.close();
});

const slipWith = (reaction: Reaction | null, deadline: number, calls = 0): Slip => {
  const slip = stage.slip(['serial'], { calls, route: [{ app: 'serial', parameters: {}, deadline }] });
  if (reaction) script.set(slip.guid, () => reaction);
  return slip;
};
function held(deadline: number, calls: number) {
  let answer!: () => void;
  const until = new Promise<void>((resolve) => (answer = resolve));
  return { slip: slipWith({ kind: 'held', until }, deadline, calls), answer };
}

describe('the slot of a serial app', () => {
  it.each([
    ['call', 0],
    ['isolated call', 2],
  ])(
    'is not free before the app has answered a %s that timed out or was cancelled',
    async (_, calls) => {
      const before = serial.calls.length;
      const late = held(3, calls);
      const cancelled = held(50, calls);
      const last = slipWith(null, 50);
      await stage.publish(late.slip);
      await stage.publish(cancelled.slip);
      expect((await stage.untilSettled(late.slip, SLOW)).event).toMatchObject({ outcome: 'timeout' });
      expect(serial.calls).toHaveLength(before + 1);
      late.answer();
      await waitFor(() => serial.calls.length === before + 2, { within: SLOW });
      await stage.publish(last);
      await stage.order(7, { cancelledRuns: [{ run: cancelled.slip.run, generation: 1 }] });
      expect((await stage.untilSettled(cancelled.slip, SLOW)).event).toMatchObject({ kind: 'cancelled' });
      expect(serial.calls).toHaveLength(before + 2);
      cancelled.answer();
      expect((await stage.untilSettled(last, SLOW)).event).toMatchObject({ kind: 'done' });
      await stage.untilAcknowledged('serial');
    },
    2 * SLOW,
  );

  it(
    'is free after one more deadline when the app never answers',
    async () => {
      const [hanging, next] = [slipWith({ kind: 'hang' }, 2), slipWith(null, 50)];
      await stage.publish(hanging);
      await stage.publish(next);
      expect((await stage.untilSettled(next, SLOW)).event).toMatchObject({ kind: 'done' });
    },
    SLOW,
  );
});
