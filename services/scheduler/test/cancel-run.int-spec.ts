import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAnswer, Explanation, OperatorRequest, OperatorVerb } from '#libs/contracts';
import { askOperator, Control } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, SchedulerStage } from './scheduler-stage.js';

const ROUTE = ['shots', 'text'];
const WITHIN = 10_000;

let stage: SchedulerStage;
let scheduler: RunningService;
let control: Control;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  for (const app of [...ROUTE, 'absent']) await stage.registerApp(app, 5);
  scheduler = await stage.startScheduler({ runsPerSlice: 2 });
  control = await Control.open(stage.link.connection);
});
afterAll(async () => {
  await scheduler.close();
  await stage.close();
});

const ask = <Verb extends OperatorVerb>(verb: Verb, request: Partial<OperatorRequest<Verb>>) =>
  askOperator(stage.link.connection, verb, { actor: 'kc', ...request }, WITHIN);
const command = (verb: 'cancel' | 'replay', request: object) => ask(verb, request) as Promise<CommandAnswer>;
const explain = (request: OperatorRequest<'explain'>): Promise<Explanation> =>
  askOperator(stage.link.connection, 'explain', request, WITHIN);
const orders = async (batch: number) => (await control.batches()).find((order) => order.batch === batch);

describe('the cancellation of a batch that is larger than a slice', () => {
  it('continues by itself, and ends the batch', async () => {
    await ask('pause', { app: 'absent' });
    const batch = await stage.startBatch('large', 7, ['absent']);
    expect(await command('cancel', { batch, key: 'large' })).toMatchObject({ count: 7 });
    expect(await command('cancel', { batch, key: 'large' })).toMatchObject({ count: 7, replayed: true });
    await waitFor(async () => (await stage.states(batch)).every((state) => state === 'cancelled'));
    await expect(ask('cancel', { batch })).rejects.toMatchObject({ code: 409 });
  });
});

describe('the cancellation of one run', () => {
  it('reaches the workers, and does not affect other runs of its batch', async () => {
    const batch = await stage.startBatch('news', 2, ROUTE);
    const [first, second] = await Promise.all([0, 1].map((row) => stage.untilStage('shots', batch, row)));
    if (!first || !second) throw new Error('No run was admitted.');
    expect(await command('cancel', { run: first.slip.run, dryRun: true })).toMatchObject({ count: 1 });
    expect(await orders(batch)).toBeUndefined();
    expect(await command('cancel', { run: first.slip.run })).toMatchObject({
      count: 1,
      sentence: expect.stringContaining('is being stopped by its worker'),
    });
    expect(await orders(batch)).toMatchObject({
      cancelledGeneration: 0,
      cancelledRuns: [{ run: first.slip.run, generation: 1 }],
    });
    expect(await explain({ run: first.slip.run })).toMatchObject({
      state: 'cancelling',
      reason: expect.stringContaining(`Run ${first.slip.run} was cancelled`),
    });
    expect((await explain({ run: second.slip.run })).state).not.toBe('cancelling');
    expect((await command('cancel', { run: first.slip.run })).sentence).toContain('is already cancelled');
    await stage.report(eventOf(first.slip, { kind: 'cancelled', outcome: 'cancelled' }));
    await waitFor(async () => (await stage.states(batch))[0] === 'cancelled');
    await expect(ask('cancel', { run: first.slip.run })).rejects.toMatchObject({
      code: 409,
      sentence: expect.stringContaining('nothing to cancel'),
    });
    await expect(ask('cancel', { run: 999_999 })).rejects.toMatchObject({ code: 404 });

    expect(await command('replay', { batch, runs: 'cancelled' })).toMatchObject({
      count: 1,
      from: [{ stage: 0, count: 1 }],
    });
    await waitFor(async () =>
      (await stage.stages('shots')).some(({ slip }) => slip.run === first.slip.run && slip.generation > 1),
    );
    await waitFor(async () => (await stage.states(batch)).every((state) => state === 'running'));
  });
});
