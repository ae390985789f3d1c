import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BatchBlock, decodeBody, liveCommitSchema, liveSubject } from '#libs/contracts';
import { askOperator } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { SchedulerStage } from './scheduler-stage.js';

const WITHIN = 20_000;

let stage: SchedulerStage;
let scheduler: RunningService;
beforeAll(async () => {
  stage = await SchedulerStage.open();
  await stage.registerApp('shots', 2);
  scheduler = await stage.startScheduler({ periods: { reportBlocks: 500 } });
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
