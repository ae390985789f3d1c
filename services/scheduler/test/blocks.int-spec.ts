import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BatchBlock, decodeBody, liveCommitSchema, liveSubject, progressSubject } from '#libs/contracts';
import { askOperator } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, SchedulerStage } from './scheduler-stage.js';

const WITHIN = 20_000;

let stage: SchedulerStage;
let scheduler: RunningService;
beforeAll(async () => {
  stage = await SchedulerStage.open();
  await stage.registerApp('shots', 2);
  scheduler = await stage.startScheduler({ periods: { reportBlocks: 500, saveProgress: 500 } });
});
afterAll(async () => {
  await scheduler.close();
  await stage.close();
});

/** What the live summaries of a batch name as the reason why it makes no progress, newest last. */
function watchBlocks(batch: number): (BatchBlock | undefined)[] {
  const blocks: (BatchBlock | undefined)[] = [];
  stage.link.connection.subscribe(liveSubject(batch), {
    callback: (_error, message) => {
      blocks.push(liveCommitSchema.parse(decodeBody(message.data).head).summary.blocked);
    },
  });
  return blocks;
}
const ask = (verb: 'pause' | 'resume', batch: number) =>
  askOperator(stage.link.connection, verb, { actor: 'kc', batch }, WITHIN);

describe('a batch that waits', () => {
  it('reports the reason live and by explain, and a new reason when it changes', async () => {
    const batch = await stage.startBatch('blocked', 2, ['shots']);
    const blocks = watchBlocks(batch);
    await waitFor(() => blocks.at(-1)?.stage === 0, { within: WITHIN, what: 'The reason' });
    expect(blocks.at(-1)).toMatchObject({ app: 'shots', reason: 'No running worker serves shots.', until: null });
    const explained = await askOperator(stage.link.connection, 'explain', { batch }, WITHIN);
    expect(explained).toMatchObject({ state: 'blocked', nextAction: blocks.at(-1)!.advice });
    expect(explained).toMatchObject({ nextAction: expect.not.stringContaining('continues automatically') });

    await ask('pause', batch);
    await waitFor(() => blocks.at(-1)?.reason.includes('paused by kc'), { within: WITHIN, what: 'The pause' });
    await ask('resume', batch);
    await waitFor(() => blocks.at(-1)?.stage === 0, { within: WITHIN, what: 'The first reason' });
  });
});

describe('a running stage', () => {
  it('has a percentage in REST: the newest that its worker reported, until the next attempt', async () => {
    const batch = await stage.startBatch('long', 1, ['shots']);
    const { slip } = await stage.untilStage('shots', batch, 0);
    await stage.report(eventOf(slip, { kind: 'started' }));
    const report = (progress: object) =>
      stage.link.connection.publish(progressSubject(slip), JSON.stringify({ row: slip.row, ...progress }));
    const progress = async () => (await stage.run(batch, 0)).stages[0]!.progress;
    const isShown = async (percent: number) => (await progress())?.percent === percent;
    await waitFor(async () => (await stage.run(batch, 0)).state === 'running', { what: 'The start of the stage' });
    for (const percent of [10, 20]) report({ percent });
    await waitFor(() => isShown(20), { within: WITHIN, what: 'The newest percentage' });
    expect(await progress()).toMatchObject({ percent: 20, estimated: false });
    report({ percent: 30, estimated: true });
    await waitFor(() => isShown(30), { within: WITHIN, what: 'The estimate' });
    expect(await progress()).toMatchObject({ estimated: true });
    await stage.report(eventOf(slip, { kind: 'done', outcome: 'ok' }));
    await waitFor(async () => (await progress()) === undefined, { within: WITHIN, what: 'The end of the stage' });
  });
});
