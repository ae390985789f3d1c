import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { jobSubject, type Slip } from '#libs/contracts';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, SchedulerStage } from './scheduler-stage.js';

const SLOW = 30_000;
const FILES = 10;

let stage: SchedulerStage;
let scheduler: RunningService;
let postgres: pg.Client;
/** A batch of ten files whose first app is full and never finishes a file by itself. */
let large: number;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  // No worker runs: the test is the worker, so nothing moves unless a test reports it.
  await stage.registerApp('slow', 4);
  await stage.registerApp('quick', 1);
  await stage.registerApp('fast', 1);
  scheduler = await stage.startScheduler({ periods: { saveDurations: 500 } });
  large = await stage.startBatch('large', FILES, ['slow', 'fast']);
  await waitFor(async () => (await inProgress(large)) >= 2, { within: SLOW });
});

afterAll(async () => {
  await scheduler.close();
  await postgres.end();
  await stage.close();
});

const inProgress = async (batch: number) => (await stage.states(batch)).filter((state) => state === 'running').length;

/** Settles the first stage of a run as done, like a worker; returns the slip of its next stage. */
async function finish(slip: Slip): Promise<Slip> {
  const place = { batch: slip.batch, run: slip.run, index: slip.index };
  const output = await stage.link.documents.pack(place, Buffer.from('{"views":[]}'));
  const now = Date.now();
  await stage.report(eventOf(slip, { times: { published: now, started: now, settled: now } }, output), output.inline);
  await waitFor(async () => (await stage.run(slip.batch, slip.row)).stages[1]!.state === 'queued', { within: SLOW });
  return { ...slip, index: slip.index + 1, root: '1790000000000000001' };
}

describe('admission', () => {
  it('keeps every slot of a slow first app busy before the durations of the apps are known', async () => {
    await waitFor(async () => (await inProgress(large)) >= 4);
    expect(await inProgress(large)).toBeLessThan(FILES);
  });

  it('admits a batch that needs only the fast second app of the large one', async () => {
    const small = await stage.startBatch('small', 2, ['fast']);
    await stage.untilStage('fast', small, 1);
    for (const row of [0, 1]) {
      const { slip } = await stage.untilStage('fast', small, row);
      await stage.report(eventOf(slip, { kind: 'failed', outcome: 'invalid-output' }));
    }
    await waitFor(async () => (await inProgress(small)) === 0, { within: SLOW });
  });

  it('admits a batch that shares only its second app with the large one', async () => {
    const other = await stage.startBatch('other', 2, ['quick', 'fast']);
    expect((await stage.untilStage('quick', other, 0)).slip).toMatchObject({ index: 0, generation: 1 });
  });

  it('admits a run that continues at its second stage while the first app of its batch is full', async () => {
    const { slip } = await stage.untilStage('slow', large, 0);
    const next = await finish(slip);
    await stage.report(eventOf(next, { kind: 'parked' }));
    const { slip: again } = await stage.untilStage('fast', large, 0);
    expect(again).toMatchObject({ index: 1, generation: 2 });
  });

  it('admits a run whose first stage is reused while the app of that stage is paused', async () => {
    const first = await stage.startBatch('same', 1, ['quick', 'slow']);
    const { slip } = await stage.untilStage('quick', first, 0);
    await finish(slip);
    await postgres.query("update apps set paused_at = now(), paused_by = 'kc' where slug = 'quick'");
    const again = await stage.draftBatch('same', 1, ['quick', 'slow']);
    await postgres.query('update batches set reuse = true where id = $1', [again]);
    // Without the large batch, which fills the second app.
    await postgres.query('update apps set concurrency = 40 where slug = $1', ['slow']);
    stage.link.wake(jobSubject('apps', 'registered'));
    await stage.start(again);
    expect((await stage.untilStage('slow', again, 0)).slip).toMatchObject({ index: 1, generation: 1 });
  });

  it(
    'stores how long apps take, for the next leader',
    async () => {
      const stored = async () =>
        (await postgres.query('select a.slug, d.milliseconds from app_durations d join apps a on a.id = d.app_id'))
          .rows;
      await waitFor(async () => (await stored()).length > 0, { within: 2 * SLOW });
      expect(await stored()).toContainEqual({ slug: 'slow', milliseconds: 1 });
    },
    3 * SLOW,
  );

  it(
    'admits a run when the event of a done stage is read, although it cannot be recorded yet',
    async () => {
      await stage.registerApp('single', 1);
      const batch = await stage.startBatch('unrecorded', 5, ['single']);
      const { slip } = await stage.untilStage('single', batch, 0);
      await waitFor(async () => (await inProgress(batch)) === 2, { within: SLOW });
      await postgres.query('begin');
      await postgres.query('lock table recorder_cursor in share row exclusive mode');
      const output = await stage.link.documents.pack({ ...slip, index: 0 }, Buffer.from('{"views":[]}'));
      // The recorder waits with the first event; the events behind it free credits.
      await stage.report(eventOf(slip, { kind: 'started' }));
      await stage.report(eventOf(slip, {}, output), output.inline);
      await stage.untilStage('single', batch, 2);
      expect((await stage.states(batch))[0]).toBe('running');
      await postgres.query('commit');
      await waitFor(async () => (await stage.states(batch))[0] === 'done', { within: SLOW });
    },
    SLOW,
  );
});
