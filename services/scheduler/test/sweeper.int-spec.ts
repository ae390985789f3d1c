import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { appConsumer, stageSubject, STREAMS } from '#libs/contracts';
import { Control, readLast } from '#libs/messaging';
import { createLogger, type RunningService } from '#libs/runtime';
import { type ScriptedApp, startScriptedApp, waitFor } from '#libs/testing';
import { startWorker } from '../../worker/src/start-worker.js';
import { eventOf, SchedulerStage } from './scheduler-stage.js';

const SLOW = 60_000;
const ACK_WAIT = 2;
const FILES = 30;
const ROUTE = ['shots', 'text'];
const STAGES = STREAMS.stages.name;
const FAST_MS = 30;
/** How long the apps take for a file. */
const slowMs: Record<string, number> = { shots: FAST_MS, text: FAST_MS };

let stage: SchedulerStage;
let apps: Record<string, ScriptedApp>;
let scheduler: RunningService;
let worker: RunningService;
let postgres: pg.Client;

beforeAll(async () => {
  stage = await SchedulerStage.open();
  postgres = new pg.Client({ connectionString: stage.database.url });
  await postgres.connect();
  apps = Object.fromEntries(
    await Promise.all(
      ROUTE.map(async (name) => {
        const app = await startScriptedApp({ name, script: () => ({ kind: 'ok', slowMs: slowMs[name]! }) });
        await stage.registerApp(name, 4, app);
        return [name, app] as const;
      }),
    ),
  );
  // The test acts as the worker of these.
  await stage.registerApp('quiet', 10);
  await stage.registerApp('other', 10);
  scheduler = await stage.startScheduler({ ackWait: ACK_WAIT });
  const config = { LOG_LEVEL: 'error', NATS_URL: stage.nats.url, WORKER_APPS: ROUTE, WORKER_ID: 'w1' } as const;
  worker = await startWorker(config, createLogger('test', 'silent'));
});

afterAll(async () => {
  await worker.close();
  await scheduler.close();
  await Promise.all(Object.values(apps).map((app) => app.close()));
  await postgres.end();
  await stage.close();
});

const manager = () => stage.link.connection.jetstreamManager();
const count = async (batch: number, state: string) =>
  (await stage.states(batch)).filter((found) => found === state).length;
const generation = async (batch: number, row = 0) => (await stage.run(batch, row)).generation;
const untilGeneration = (batch: number, wanted: number, row = 0) =>
  waitFor(async () => (await generation(batch, row)) === wanted, {
    within: SLOW,
    what: `Generation ${wanted} of batch ${batch}`,
  });
const untilQueued = (batch: number, app: string, row = 0) => stage.untilStage(app, batch, row);

/** Deletes the message of a stage, like a stream limit or an operator. */
async function loseMessage(app: string, batch: number, row = 0): Promise<void> {
  const { slip } = await untilQueued(batch, app, row);
  const stored = await readLast(stage.link.connection, STAGES, stageSubject(app, slip));
  await (await manager()).streams.deleteMessage(STAGES, stored!.sequence);
}

/** Receives messages of an app, like a worker; returns them by row. */
async function take(app: string, rows: number) {
  const consumer = await stage.link.connection.jetstream().consumers.get(STAGES, appConsumer(app));
  const taken = [];
  for (let row = 0; row < rows; row += 1) taken.push((await consumer.next())!);
  return taken;
}

describe('a stream that is deleted under load', () => {
  const untilAll = (batch: number) =>
    waitFor(async () => (await count(batch, 'done')) === FILES, { within: SLOW, what: `The end of batch ${batch}` });
  /** Messages of an app that were not delivered, and those that are not acknowledged. */
  const backlog = async (name: string) => {
    const info = await (await manager()).consumers.info(STAGES, appConsumer(name));
    return { waiting: info.num_pending, delivered: info.num_ack_pending };
  };
  const rows = async (statement: string, batch: number) => (await postgres.query(statement, [batch])).rows;

  async function expectAllDone(batch: number): Promise<void> {
    const counts = () =>
      rows(
        'select index, state, count from batch_stage_counts where batch_id = $1 and count <> 0 order by 1, 2',
        batch,
      );
    const done = [0, 1].map((index) => ({ index, state: 'done', count: FILES }));
    await waitFor(async () => (await counts()).length === done.length, {
      within: SLOW,
      what: 'The last restored settlement',
    });
    expect(await counts()).toEqual(done);
    expect(
      await rows(
        'select count(document)::int from stage_runs where run_id in (select id from runs where batch_id = $1)',
        batch,
      ),
    ).toEqual([{ count: 2 * FILES }]);
  }

  it(
    'loses no run when it is STAGES, which is recreated above its old end',
    async () => {
      const batch = await stage.startBatch('stages', FILES, ROUTE);
      await waitFor(async () => (await count(batch, 'done')) > FILES / 6, { within: SLOW });
      slowMs['text'] = 2000;
      await waitFor(async () => (await backlog('text')).waiting > 0, { within: SLOW });
      const { state: before } = await (await manager()).streams.info(STAGES);
      await (await manager()).streams.delete(STAGES);
      slowMs['text'] = FAST_MS;
      await untilAll(batch);
      await expectAllDone(batch);
      const [{ again }] = await rows(
        'select count(*)::int as again from runs where batch_id = $1 and generation > 1',
        batch,
      );
      expect(again).toBeGreaterThan(0);
      const { state: after } = await (await manager()).streams.info(STAGES);
      expect(after.first_seq).toBeGreaterThan(before.last_seq + 2 * FILES);
    },
    3 * SLOW,
  );

  it(
    'loses no run and no output when it is EVENTS, without another call of an app',
    async () => {
      // Most runs in progress are then at the first stage, whose output is in the message of the next one.
      slowMs['shots'] = 5 * FAST_MS;
      const batch = await stage.startBatch('events', FILES, ROUTE);
      await waitFor(async () => (await count(batch, 'done')) > FILES / 6, { within: SLOW });
      const slow = new pg.Client({ connectionString: stage.database.url });
      await slow.connect();
      await slow.query('begin; lock table recorder_cursor in access exclusive mode');
      // The running stages finish, and none of them can be recorded.
      const isIdle = async (name: string) => {
        const { waiting, delivered } = await backlog(name);
        return waiting + delivered === 0;
      };
      await waitFor(async () => (await isIdle('shots')) && (await isIdle('text')), { within: SLOW });
      await (await manager()).streams.delete(STREAMS.events.name);
      await slow.end();
      await untilAll(batch);
      await expectAllDone(batch);
      const restored = await rows(
        `select count(*)::int from stage_runs where worker = 'scheduler'
           and run_id in (select id from runs where batch_id = $1)`,
        batch,
      );
      expect(restored[0].count).toBeGreaterThan(0);
      // Only settlements of the last stage exist nowhere else.
      expect(apps['shots']!.calls.filter(({ guid }) => guid.startsWith('events-'))).toHaveLength(FILES);
      const [cursor] = (await postgres.query('select stream_created from recorder_cursor')).rows;
      const { created } = await (await manager()).streams.info(STREAMS.events.name);
      expect(cursor.stream_created.getTime()).toBe(Date.parse(created));
    },
    3 * SLOW,
  );
});

describe('a stage', () => {
  it(
    'is admitted again when its message is gone, but not while its app is paused',
    async () => {
      const [lost, paused] = [
        await stage.startBatch('lost', 1, ['quiet']),
        await stage.startBatch('paused', 1, ['other']),
      ];
      await untilQueued(paused, 'other');
      await postgres.query("update apps set paused_at = now(), paused_by = 'kc' where slug = 'other'");
      await stage.report(eventOf((await untilQueued(lost, 'quiet')).slip, { call: 1 }));
      await waitFor(async () => (await stage.run(lost, 0)).stages[0]!.calls === 1, { within: SLOW });
      await loseMessage('other', paused);
      await loseMessage('quiet', lost);
      await untilGeneration(lost, 2);
      // The lost message cut off its call, so that call does not count.
      const { slip } = (await stage.stages('quiet')).at(-1)!;
      expect(slip).toMatchObject({ batch: lost, index: 0, generation: 2 });
      expect(slip.calls).toBeUndefined();
      expect(await generation(paused)).toBe(1);
      await postgres.query("update apps set paused_at = null, paused_by = null where slug = 'other'");
      await untilGeneration(paused, 2);
    },
    SLOW,
  );

  it(
    'is admitted again, with its number of calls, when it was acknowledged without a settlement, but not while it waits',
    async () => {
      (await take('quiet', 1)).forEach((message) => message.ack());
      const batch = await stage.startBatch('acknowledged', 2, ['quiet']);
      await untilQueued(batch, 'quiet', 1);
      const [first] = await take('quiet', 1);
      const times = { published: Date.now(), started: Date.now() };
      await stage.report(eventOf((await untilQueued(batch, 'quiet')).slip, { call: 1, times }));
      await first!.ackAck();
      await untilGeneration(batch, 2);
      expect((await stage.stages('quiet')).at(-1)).toMatchObject({ slip: { batch, generation: 2, calls: 1 } });
      expect(await generation(batch, 1)).toBe(1);
    },
    SLOW,
  );

  it(
    'is admitted again when it was delivered and no running worker lists it, but not when one does',
    async () => {
      const batch = await stage.startBatch('held', 2, ['other']);
      await untilQueued(batch, 'other', 1);
      const [, ...messages] = await take('other', 3);
      const runs = [(await stage.run(batch, 0)).id, (await stage.run(batch, 1)).id];
      const control = await Control.open(stage.link.connection);
      const sendHeartbeat = (at: number) =>
        control.putHeartbeat({
          v: 1,
          installation: 'x',
          worker: 'w2',
          at,
          apps: ['other'],
          inFlight: [{ run: runs[1]!, index: 0, generation: 1, sequence: messages[1]!.seq, since: 0 }],
        });
      let beats = 0;
      await waitFor(
        async () => {
          await sendHeartbeat((beats += 1));
          return (await generation(batch, 0)) === 2;
        },
        { within: SLOW },
      );
      expect(await generation(batch, 1)).toBe(1);
    },
    SLOW,
  );

  it(
    'is admitted again when its raw replay is gone, although what it repeats is settled',
    async () => {
      const batch = await stage.startBatch('replayed', 1, ['quiet']);
      const { slip } = await untilQueued(batch, 'quiet');
      await stage.report(eventOf(slip, { kind: 'failed', outcome: 'invalid-output', root: '100' }));
      await waitFor(async () => (await stage.states(batch))[0] === 'failed', { within: SLOW });
      // A worker has started the replay, and is killed when its message is lost.
      await stage.report(eventOf(slip, { root: '200' }));
      await waitFor(async () => (await stage.states(batch))[0] === 'running', { within: SLOW });
      await loseMessage('quiet', batch);
      await untilGeneration(batch, 2);
    },
    SLOW,
  );

  it(
    'is settled as cancelled when its batch was cancelled and no worker is running it',
    async () => {
      const [cancelled, other] = [
        await stage.startBatch('cancelled', 1, ['quiet']),
        await stage.startBatch('kept', 1, ['quiet']),
      ];
      await Promise.all([cancelled, other].map((batch) => untilQueued(batch, 'quiet')));
      await waitFor(async () => (await stage.states(other))[0] === 'running');
      await postgres.query('update batches set cancelled_generation = 1 where id = $1', [cancelled]);
      await waitFor(async () => (await stage.states(cancelled))[0] === 'cancelled', { within: SLOW });
      expect((await stage.run(cancelled, 0)).stages[0]).toMatchObject({ state: 'cancelled', worker: 'scheduler' });
      expect(await stage.states(other)).toEqual(['running']);
    },
    SLOW,
  );
});
