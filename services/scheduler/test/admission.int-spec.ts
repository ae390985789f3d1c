import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { encodeBody, jobSubject, RECORDER_CONSUMER, startedSubject, STREAMS } from '#libs/contracts';
import type { DocumentsRepository } from '#libs/database';
import { consumerPosition, Control, ProvisionError, provision, sha256 } from '#libs/messaging';
import { buildSourceMmif } from '#libs/mmif';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { StagePublisher } from '../src/admission/stage-publisher.js';
import type { SchedulerSettings } from '../src/scheduler-settings.js';
import { WorkerWatch } from '../src/sweeper/worker-watch.js';
import { eventOf, INSTALLATION_OF_OTHERS, SchedulerStage } from './scheduler-stage.js';

const SLOW = 30_000;

const never = new AbortController().signal;
/** Publishes stage messages without a scheduler; a first stage needs no archived document. */
const publisher = (installation: string) =>
  new StagePublisher(stage.link, {} as DocumentsRepository, { installation } as SchedulerSettings, new WorkerWatch());

let stage: SchedulerStage;
let scheduler: RunningService | undefined;
/** A connection that blocks the recorder. */
let slow: pg.Client | undefined;
let standby: Promise<RunningService> | undefined;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  await stage.registerApp('shots', 1);
  await stage.registerApp('text', 2);
});

afterEach(async () => {
  await slow?.end();
  slow = undefined;
  await scheduler?.close();
  scheduler = undefined;
  // After a failed test, it is the leader, and would end this process when its database is dropped.
  await (await standby)?.close();
  standby = undefined;
});

afterAll(() => stage.close());

const start = async () => {
  scheduler = await stage.startScheduler();
};

/** Fails every run in progress, like a worker whose app always fails. */
async function failAll(app: string, batch: number, files: number): Promise<void> {
  for (let row = 0; row < files; row += 1) {
    const { slip } = await stage.untilStage(app, batch, row);
    await stage.report(eventOf(slip, { kind: 'failed', outcome: 'invalid-output' }));
  }
  await waitFor(async () => (await stage.states(batch)).every((state) => state === 'failed'));
}

describe('the scheduler', () => {
  it('provisions the broker from Postgres, also for an app that is registered later', async () => {
    await start();
    await waitFor(async () => (await stage.isReady('shots')) && (await stage.isReady('text')));
    await stage.registerApp('late', 3);
    stage.link.wake(jobSubject('apps', 'registered'));
    await waitFor(() => stage.isReady('late'));
    const { config } = await (await stage.link.connection.jetstreamManager()).consumers.info('STAGES', 'app-late');
    expect(config.max_ack_pending).toBe(3);
    await stage.changeApp('late', { concurrency: 5 });
    await waitFor(async () => {
      const found = await (await stage.link.connection.jetstreamManager()).consumers.info('STAGES', 'app-late');
      return found.config.max_ack_pending === 5;
    });
    expect(await stage.isReady('late')).toBe(true);
    const apps: unknown[] = [];
    const watch = await (await Control.open(stage.link.connection)).watchApps((app) => apps.push(app));
    await waitFor(() => apps.length === 3);
    watch.stop();
    expect(apps).toContainEqual(expect.objectContaining({ slug: 'late', concurrency: 5, ackWait: 60 }));
  });

  it('admits the oldest runs up to the credits of the apps, and more as stages are settled', async () => {
    await start();
    const batch = await stage.startBatch('credits', 5, ['shots', 'text']);
    await waitFor(async () => (await stage.states(batch)).filter((state) => state === 'running').length === 2);
    expect(await stage.states(batch)).toEqual(['running', 'running', 'waiting', 'waiting', 'waiting']);
    const admitted = await stage.stages('shots');
    expect(admitted.map(({ slip }) => slip.row)).toEqual([0, 1]);
    const { slip } = admitted[0]!;
    await stage.report(eventOf(slip, { kind: 'failed', outcome: 'invalid-output' }));
    await stage.untilStage('shots', batch, 2);
    expect((await stage.stages('shots')).map(({ slip: { row } }) => row)).toEqual([0, 1, 2]);
    await failAll('shots', batch, 5);
  });

  it('sends the source document with a slip of generation 1 that contains the whole route', async () => {
    await start();
    const batch = await stage.startBatch('slip', 1, ['shots', 'text']);
    const { slip, lineageHeader, document } = await stage.untilStage('shots', batch, 0);
    const source = buildSourceMmif({ kind: 'video', path: '/media/slip-0.mp4' });
    expect(Buffer.compare(document, source)).toBe(0);
    expect(lineageHeader).toBe('1.new');
    expect(slip).toMatchObject({
      batch,
      row: 0,
      guid: 'slip-0',
      index: 0,
      generation: 1,
      root: null,
      route: [
        { app: 'shots', parameters: { threshold: 0.5 }, deadline: 60 },
        { app: 'text', parameters: { threshold: 0.5 }, deadline: 60 },
      ],
      document: { inline: true, sha256: sha256(source), bytes: source.byteLength },
    });
    // The message exists before its transaction ends.
    await waitFor(async () => (await stage.states(batch))[0] === 'running');
    expect(await stage.run(batch, 0)).toMatchObject({
      state: 'running',
      generation: 1,
      stages: [{ state: 'queued' }, { state: 'waiting' }],
    });
    await failAll('shots', batch, 1);
  });

  it('admits a run that was published before a crash, without publishing it again', async () => {
    const batch = await stage.draftBatch('crash', 1, ['shots']);
    const { id } = await stage.run(batch, 0);
    await start();
    const published = await stage.untilStage('shots', await stage.startBatch('model', 1, ['shots']), 0);
    await scheduler!.close();
    const { installation, route } = published.slip;
    const run = {
      id,
      row: 0,
      index: 0,
      generation: 1,
      guid: 'crash-0',
      path: '/media/crash-0.mp4',
      kind: 'video',
      calls: 0,
      input: null,
    } as const;
    await publisher(installation).publish({ id: batch, sourceVocabulary: 'old', route }, run, never);
    await stage.start(batch);
    await start();
    await waitFor(async () => (await stage.states(batch))[0] === 'running');
    const messages = (await stage.stages('shots')).filter(({ slip }) => slip.run === id);
    expect(messages.map(({ slip: { generation } }) => generation)).toEqual([1]);
    await failAll('shots', batch, 1);
  });

  it('replaces a message of an older generation', async () => {
    await start();
    const { slip } = await stage.untilStage('shots', await stage.startBatch('older', 1, ['shots']), 0);
    const batch = { id: slip.batch, sourceVocabulary: 'old', route: slip.route } as const;
    const again = {
      id: slip.run,
      row: 0,
      index: 0,
      input: null,
      generation: 2,
      guid: slip.guid,
      path: '/media/older-0.mp4',
      kind: 'video',
      calls: 0,
    } as const;
    const { installation } = slip;
    await publisher(installation).publish(batch, again, never);
    await publisher(installation).publish(batch, { ...again, generation: 1 }, never);
    const messages = (await stage.stages('shots')).filter((found) => found.slip.run === slip.run);
    expect(messages.map(({ lineageHeader }) => lineageHeader)).toEqual(['1.new', '2.new']);
    await stage.report(eventOf({ ...slip, generation: 2 }, { kind: 'failed', outcome: 'invalid-output' }));
    await waitFor(async () => (await stage.states(slip.batch))[0] === 'failed');
  });

  it('admits other batches when one cannot be admitted', async () => {
    const broken = await stage.draftBatch('broken', 1, ['shots'], 'no/absolute/folder');
    const sound = await stage.draftBatch('sound', 1, ['shots']);
    await stage.start(broken);
    await stage.start(sound);
    await start();
    await stage.untilStage('shots', sound, 0);
    await waitFor(async () => (await stage.states(sound))[0] === 'running');
    expect(await stage.states(broken)).toEqual(['waiting']);
    await failAll('shots', sound, 1);
  });

  it(
    'leaves runs waiting while NATS is down, and admits each of them once afterwards',
    async () => {
      await start();
      await stage.nats.kill();
      const batch = await stage.startBatch('away', 2, ['text']);
      expect(await stage.states(batch)).toEqual(['waiting', 'waiting']);
      await stage.nats.restart();
      await waitFor(async () => (await stage.states(batch)).every((state) => state === 'running'), { within: SLOW });
      await waitFor(() => stage.link.isConnected());
      const rows = (await stage.stages('text')).filter(({ slip }) => slip.batch === batch).map(({ slip }) => slip.row);
      expect(rows.toSorted((a, b) => a - b)).toEqual([0, 1]);
      await failAll('text', batch, 2);
    },
    SLOW,
  );

  it(
    'admits no runs while the recorder is far behind, and continues when it has caught up',
    async () => {
      const [maxLag, events] = [500, 3000];
      scheduler = await stage.startScheduler({ maxLag });
      // More files than credits: while runs wait, the scheduler requests the lag.
      const first = await stage.startBatch('behind', 6, ['text']);
      const { slip } = await stage.untilStage('text', first, 0);
      slow = new pg.Client({ connectionString: stage.database.url });
      await slow.connect();
      await slow.query('begin; lock table recorder_cursor in access exclusive mode');
      const body = encodeBody(eventOf(slip, {}));
      const publish = () => stage.link.publisher.publish(startedSubject(slip), body);
      await Promise.all(Array.from({ length: events }, publish));
      const lag = async () =>
        (await consumerPosition(stage.link.connection, STREAMS.events.name, RECORDER_CONSUMER)).pending;
      expect(await lag()).toBeGreaterThan(maxLag);
      // Every second, the scheduler provisions apps and then admits runs: between two apps it has tried to admit runs.
      const untilReady = async (app: string) => {
        await stage.registerApp(app, 1);
        await waitFor(() => stage.isReady(app));
      };
      for (const app of ['signal-1', 'signal-2', 'signal-3']) await untilReady(app);
      const later = await stage.startBatch('later', 1, ['shots']);
      for (const app of ['signal-4', 'signal-5']) await untilReady(app);
      expect(await stage.states(later)).toEqual(['waiting']);
      await slow.end();
      await stage.untilStage('shots', later, 0);
      expect(await lag()).toBeLessThanOrEqual(maxLag);
      await failAll('text', first, 6);
      await failAll('shots', later, 1);
    },
    SLOW,
  );

  it('is a standby while another one is active, and replaces it afterwards', async () => {
    await start();
    let isLeading = false;
    standby = stage.startScheduler().then((service) => {
      isLeading = true;
      return service;
    });
    const batch = await stage.startBatch('standby', 1, ['text']);
    await stage.untilStage('text', batch, 0);
    expect(isLeading).toBe(false);
    await scheduler!.close();
    await standby;
    await failAll('text', batch, 1);
  });

  it('rejects a NATS server of another database with a sentence', async () => {
    const manager = await stage.link.connection.jetstreamManager();
    for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
    await provision(stage.link.connection, INSTALLATION_OF_OTHERS);
    const refusal = stage.startScheduler();
    await expect(refusal).rejects.toThrow(ProvisionError);
    await expect(refusal).rejects.toThrow(/belongs to another Chowda database.*NATS_URL/);
    expect((await manager.streams.info(STREAMS.stages.name)).state.messages).toBe(0);
  });
});
