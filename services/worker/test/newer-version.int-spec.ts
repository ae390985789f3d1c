import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deadSubject, encodeBody, newLineageHeader, type Slip, stageHeaders, STREAMS } from '#libs/contracts';
import { readLast } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { WorkerStage } from './worker-stage.js';

const SLOW = 30_000;

let stage: WorkerStage;
let worker: RunningService;
beforeEach(async () => {
  stage = await WorkerStage.open();
  await stage.app({ name: 'shots' });
  await stage.app({ name: 'text' });
  worker = await stage.startWorker('w1');
});
afterEach(async () => {
  await worker.close();
  await stage.close();
});

const newer = (slip: Slip, change: object) => ({ ...slip, ...change }) as Slip;

describe('a stage message of a newer release', () => {
  it('reaches the next stage with all fields that the worker does not know', async () => {
    const plain = stage.slip(['shots', 'text']);
    const route = plain.route.map((routeStage) => ({ ...routeStage, gpu: 'a100' }));
    const slip = newer(plain, { route, priority: 7 });
    await stage.publish(slip);
    await stage.untilSettled({ ...slip, index: 1 });
    expect((await stage.stage('text', { ...slip, index: 1 }))!.slip).toMatchObject({
      priority: 7,
      route: [{ gpu: 'a100' }, { gpu: 'a100' }],
    });
  });

  it(
    'returns to the queue for a newer worker when its version is unknown, and is not a dead letter',
    async () => {
      const slip = stage.slip(['shots']);
      const { ref, inline } = await stage.link.documents.pack(slip, stage.source(slip));
      const message = { ...slip, document: ref };
      const headers = stageHeaders(message, newLineageHeader(slip.generation));
      await stage.publishRaw(slip, encodeBody({ ...message, v: 2 }, inline), headers);
      const manager = await stage.link.connection.jetstreamManager();
      const state = () => manager.consumers.info(STREAMS.stages.name, 'app-shots');
      await waitFor(async () => (await state()).num_redelivered > 0, { within: SLOW });
      expect((await state()).num_ack_pending).toBe(1);
      expect(await readLast(stage.link.connection, STREAMS.dead.name, deadSubject('shots', slip))).toBeNull();
      expect(await stage.settlement(slip)).toBeNull();
      // Other messages continue.
      const other = stage.slip(['shots']);
      await stage.publish(other);
      expect((await stage.untilSettled(other)).event.kind).toBe('done');
    },
    SLOW,
  );
});
