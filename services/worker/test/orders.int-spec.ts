import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchControl } from '#libs/contracts';
import type { RunningService } from '#libs/runtime';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import { WorkerStage } from './worker-stage.js';

const SLOW = 30_000;

let stage: WorkerStage;
let worker: RunningService;
let shots: ScriptedApp;
const script = new Map<string, (call: AppCall) => Reaction>();
let batches = 100;
const newBatch = () => (batches += 1);

beforeAll(async () => {
  stage = await WorkerStage.open();
  shots = await stage.app({ name: 'shots', script: (call) => script.get(call.guid)?.(call) ?? { kind: 'ok' } });
  await stage.app({ name: 'text' });
  worker = await stage.startWorker('w1', ['shots', 'text']);
});
afterAll(async () => {
  await worker.close();
  await stage.close();
});

const calls = (guid: string) => shots.callsFor(guid).length;
/** Gives an order and waits until the worker knows it: a stage of a batch that was paused afterwards is parked. */
async function ordered(batch: number, order: Partial<BatchControl>): Promise<void> {
  await stage.order(batch, order);
  const witness = newBatch();
  await stage.order(witness, { paused: true });
  await waitFor(async () => {
    const slip = stage.slip(['shots'], { batch: witness });
    await stage.publish(slip);
    return (await stage.untilSettled(slip)).event.kind === 'parked';
  });
}

describe('a cancelled batch', () => {
  it('has its stages settled as cancelled without a call, up to the named generation', async () => {
    const batch = newBatch();
    await ordered(batch, { cancelledGeneration: 2 });
    const old = stage.slip(['shots', 'text'], { batch, generation: 2 });
    const newer = stage.slip(['shots'], { batch, generation: 3 });
    await stage.publish(old);
    await stage.publish(newer);
    expect((await stage.untilSettled(old)).event).toMatchObject({ kind: 'cancelled', outcome: 'cancelled', call: 0 });
    expect((await stage.untilSettled(newer)).event).toMatchObject({ kind: 'done' });
    await stage.untilAcknowledged('shots');
    expect(calls(old.guid)).toBe(0);
    expect(await stage.stage('text', { ...old, index: 1 })).toBeNull();
  });

  it('has its running call aborted', async () => {
    const slip = stage.slip(['shots'], { batch: newBatch() });
    let answer!: () => void;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    script.set(slip.guid, () => ({ kind: 'held', until: mayAnswer }));
    await stage.publish(slip);
    await waitFor(() => calls(slip.guid) === 1);
    await stage.order(slip.batch, { cancelledGeneration: 1 });
    expect((await stage.untilSettled(slip)).event).toMatchObject({ kind: 'cancelled', call: 1 });
    answer();
    await stage.untilAcknowledged('shots');
  });
});

describe('a run that was cancelled individually', () => {
  it('has its stages settled as cancelled without a call, while other runs of the batch are called', async () => {
    const batch = newBatch();
    const [cancelled, other] = [stage.slip(['shots', 'text'], { batch }), stage.slip(['shots'], { batch })];
    await ordered(batch, { cancelledRuns: [{ run: cancelled.run, generation: 1 }] });
    await stage.publish(cancelled);
    await stage.publish(other);
    expect((await stage.untilSettled(cancelled)).event).toMatchObject({
      kind: 'cancelled',
      call: 0,
      sentence: `Run ${cancelled.run} was cancelled.`,
    });
    expect((await stage.untilSettled(other)).event).toMatchObject({ kind: 'done' });
    await stage.untilAcknowledged('shots');
    expect(calls(cancelled.guid)).toBe(0);
    expect(await stage.stage('text', { ...cancelled, index: 1 })).toBeNull();
  });

  it('has its own running call aborted, and no other', async () => {
    const batch = newBatch();
    const [cancelled, other] = [stage.slip(['shots'], { batch }), stage.slip(['shots'], { batch })];
    let answer!: () => void;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    script.set(cancelled.guid, () => ({ kind: 'hang' }));
    script.set(other.guid, () => ({ kind: 'held', until: mayAnswer }));
    await stage.publish(cancelled);
    await waitFor(() => calls(cancelled.guid) === 1);
    await stage.order(batch, { cancelledRuns: [{ run: cancelled.run, generation: 1 }] });
    expect((await stage.untilSettled(cancelled)).event).toMatchObject({ kind: 'cancelled', call: 1 });
    await stage.publish(other);
    await waitFor(() => calls(other.guid) === 1);
    answer();
    expect((await stage.untilSettled(other)).event).toMatchObject({ kind: 'done' });
  });
});

describe('a paused batch', () => {
  it('has its stages parked without a call, and continues in a newer generation after a resume', async () => {
    const batch = newBatch();
    await ordered(batch, { paused: true });
    const slip = stage.slip(['shots'], { batch });
    await stage.publish(slip);
    expect((await stage.untilSettled(slip)).event).toMatchObject({ kind: 'parked', call: 0 });
    await ordered(batch, {});
    await stage.publish({ ...slip, generation: 2 });
    await waitFor(async () => (await stage.settlement(slip))?.event.kind === 'done');
    expect(calls(slip.guid)).toBe(1);
  });

  it('has its running call finished, and the next stage parked', async () => {
    const slip = stage.slip(['shots', 'text'], { batch: newBatch() });
    let answer!: () => void;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    script.set(slip.guid, () => ({ kind: 'held', until: mayAnswer }));
    await stage.publish(slip);
    await waitFor(() => calls(slip.guid) === 1);
    await ordered(slip.batch, { paused: true });
    answer();
    expect((await stage.untilSettled({ ...slip, index: 1 })).event).toMatchObject({ kind: 'parked' });
    expect((await stage.settlement(slip))?.event).toMatchObject({ kind: 'done' });
  });
});

describe('a worker', () => {
  it(
    'lists its work in flight in its heartbeat, and removes the heartbeat when it stops',
    async () => {
      const other = await stage.startWorker('w2');
      const slip = stage.slip(['shots'], { batch: newBatch(), generation: 3 });
      script.set(slip.guid, () => ({ kind: 'hang' }));
      const { sequence } = await stage.publish(slip);
      const holder = await waitFor(
        async () => (await stage.heartbeats()).find(({ inFlight }) => inFlight.some(({ run }) => run === slip.run)),
        { within: SLOW },
      );
      expect(holder).toMatchObject({ installation: 'here', apps: expect.arrayContaining(['shots', 'text']) });
      // Cancelled calls that their app has not released are listed, too.
      expect(holder.inFlight).toContainEqual({
        run: slip.run,
        index: 0,
        generation: 3,
        sequence,
        since: expect.any(Number),
      });
      await other.close();
      expect((await stage.heartbeats()).map((heartbeat) => heartbeat.worker)).not.toContain('w2');
      await stage.order(slip.batch, { cancelledGeneration: 3 });
      await stage.untilSettled(slip, SLOW);
    },
    2 * SLOW,
  );

  it(
    'lists its own work when another worker has the same id',
    async () => {
      let answer!: () => void;
      const until = new Promise<void>((resolve) => (answer = resolve));
      const apps = ['left', 'right'];
      for (const name of apps) await stage.app({ name, script: () => ({ kind: 'held', until }) });
      const workers = await Promise.all(apps.map((name) => stage.startWorker('twin', [name])));
      const slips = apps.map((name) => stage.slip([name], { batch: newBatch() }));
      for (const slip of slips) await stage.publish(slip);
      const listed = async () =>
        (await stage.heartbeats())
          .filter(({ worker: id }) => id === 'twin')
          .map(({ apps: served, inFlight }) => [...served, ...inFlight.map(({ run }) => run)])
          .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
      const both = slips.map(({ run }, place) => [apps[place], run]);
      await waitFor(async () => JSON.stringify(await listed()) === JSON.stringify(both), { within: SLOW });
      answer();
      for (const slip of slips) await stage.untilSettled(slip);
      await workers[0]!.close();
      expect((await listed()).map(([app]) => app)).toEqual(['right']);
      await workers[1]!.close();
      expect(await listed()).toEqual([]);
    },
    SLOW,
  );

  it('is drained by an order: it takes no other stage until it is started again', async () => {
    await stage.app({ name: 'drained' });
    const other = await stage.startWorker('w3', ['drained']);
    await waitFor(async () => (await stage.pulls('drained')) > 0);
    await stage.drain('w3');
    const heartbeat = async () => (await stage.heartbeats()).find(({ worker: id }) => id === 'w3');
    await waitFor(async () => (await heartbeat())?.draining);
    expect(await heartbeat()).toMatchObject({ apps: [], draining: true });
    const slip = stage.slip(['drained'], { batch: newBatch() });
    await stage.publish(slip);
    await other.close();
    expect(await stage.settlement(slip)).toBeNull();
    const again = await stage.startWorker('w3', ['drained']);
    expect((await stage.untilSettled(slip)).event).toMatchObject({ kind: 'done', worker: 'w3' });
    await again.close();
  });
});
