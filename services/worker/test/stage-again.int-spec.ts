import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deadSubject, type StageEvent, LINEAGE_HEADER, type Slip, STREAMS } from '#libs/contracts';
import { readLast } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import { eventOf, WorkerStage } from './worker-stage.js';
import type { AppAdapter } from '../src/adapters/app-adapter.js';

const SLOW = 30_000;
const ROUTE = ['shots', 'text'];

let stage: WorkerStage;
let worker: RunningService;
let shots: ScriptedApp;
let text: ScriptedApp;
/** Reaction of `shots` to a file, by GUID; `ok` by default. */
const script = new Map<string, (call: AppCall) => Reaction>();

beforeAll(async () => {
  stage = await WorkerStage.open();
  shots = await stage.app({ name: 'shots', script: (call) => script.get(call.guid)?.(call) ?? { kind: 'ok' } });
  text = await stage.app({ name: 'text' });
  worker = await stage.startWorker('w1', ['shots', 'text', 'late']);
});

afterAll(async () => {
  await worker.close();
  await stage.close();
});

const next = (slip: Slip) => ({ ...slip, index: slip.index + 1 });
const dead = (slip: Slip) => readLast(stage.link.connection, STREAMS.dead.name, deadSubject('shots', slip));

describe('a stage that a worker has processed before', () => {
  const lineage = { generation: 1, root: '1790000000000000500' };
  const header = `${lineage.generation}.${lineage.root}`;
  const older = { generation: 1, root: '1790000000000000400' };
  const newer = { generation: 2, root: '1790000000000000600' };

  /** Publishes a settlement of `slip` with its own document, like a worker that died right after the commit. */
  async function settle(slip: Slip, by: typeof lineage, change: Partial<StageEvent> = {}): Promise<Uint8Array> {
    const document = Buffer.from(`{"settled by": "${by.generation}.${by.root}"}`);
    const { ref, inline } = await stage.link.documents.pack(slip, document);
    await stage.report(eventOf(slip, by, { kind: 'done', outcome: 'ok', document: ref, ...change }), inline);
    return document;
  }

  it('publishes the settled output to the next stage without a call when its worker was killed before that', async () => {
    const slip = stage.slip(ROUTE);
    const document = await settle(slip, lineage);
    await stage.publish(slip, { lineage: header });
    await stage.untilAcknowledged('shots');
    const child = (await stage.stage('text', next(slip)))!;
    expect(Buffer.compare(child.document, document)).toBe(0);
    expect(child.stored.headers.get(LINEAGE_HEADER)).toBe(header);
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect((await stage.settlement(slip))!.count).toBe(1);
  });

  it('is only acknowledged when the next stage is published, too', async () => {
    const slip = stage.slip(ROUTE);
    const document = await settle(slip, lineage);
    await stage.publish(next(slip), { lineage: header, document });
    await stage.publish(slip, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect((await stage.stage('text', next(slip)))!.count).toBe(1);
    expect(shots.callsFor(slip.guid)).toEqual([]);
  });

  it('is only acknowledged when the next stage is published and the settlement was lost with EVENTS', async () => {
    const [slip, other] = [stage.slip(ROUTE), stage.slip(ROUTE)];
    await stage.publish(next(slip), { lineage: header });
    await stage.publish(next(other), { lineage: `1.${older.root}` });
    await stage.publish(slip, { lineage: header });
    await stage.publish(other, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect(await stage.settlement(slip)).toBeNull();
    // A message that an older lineage published proves nothing about this one.
    expect(shots.callsFor(other.guid)).toHaveLength(1);
  });

  it('is only acknowledged when it failed, or was the last one', async () => {
    const failed = stage.slip(ROUTE);
    await stage.report(eventOf(failed, lineage, { kind: 'failed', outcome: 'timeout' }));
    await stage.publish(failed, { lineage: header });
    const last = stage.slip(['shots']);
    await settle(last, lineage);
    await stage.publish(last, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect(await stage.stage('text', next(failed))).toBeNull();
    expect([...shots.callsFor(failed.guid), ...shots.callsFor(last.guid)]).toEqual([]);
  });

  it('is only acknowledged when a newer lineage has settled it', async () => {
    const slip = stage.slip(ROUTE);
    await settle(slip, newer);
    await stage.publish(slip, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect(await stage.stage('text', next(slip))).toBeNull();
    expect(shots.callsFor(slip.guid)).toEqual([]);
  });

  it('runs again in a newer lineage, which replaces the older one in both streams', async () => {
    const slip = stage.slip(ROUTE);
    const document = await settle(slip, older);
    await stage.publish(next(slip), { lineage: `1.${older.root}`, document });
    await stage.publish(slip, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect(shots.callsFor(slip.guid)).toHaveLength(1);
    expect(await stage.settlement(slip)).toMatchObject({ event: lineage, count: 2 });
    expect(await stage.stage('text', next(slip))).toMatchObject({ slip: lineage, count: 2 });
  });

  it('continues with the settlement that another delivery committed during the call, and drops its own result', async () => {
    const slip = stage.slip(ROUTE);
    let document: Uint8Array = Buffer.alloc(0);
    let isSettled: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (isSettled = resolve));
    script.set(slip.guid, () => {
      void settle(slip, lineage).then((bytes) => {
        document = bytes;
        isSettled();
      });
      return { kind: 'ok', slowMs: 500 };
    });
    await stage.publish(slip, { lineage: header });
    await settled;
    await stage.untilAcknowledged('shots');
    expect(await stage.settlement(slip)).toMatchObject({ event: { worker: 'another' }, count: 1 });
    expect(Buffer.compare((await stage.stage('text', next(slip)))!.document, document)).toBe(0);
  });

  it('is not called for when its worker was suspended after the check and another one settled it meanwhile', async () => {
    const slip = stage.slip(['slow']);
    await stage.publish(slip, { lineage: header });
    const slow = await stage.app({ name: 'slow' });
    let checks = 0;
    const suspend = () => {
      checks += 1;
      if (checks === 1) void settle(slip, lineage);
      // Blocks this process. Each decision may be a second older than the one before it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, checks * 1100);
    };
    const suspended = await stage.startWorker('w2', ['slow'], {
      onStep: (step) => (step === 'checked' ? suspend() : undefined),
    });
    await stage.untilAcknowledged('slow');
    await suspended.close();
    expect(checks).toBeGreaterThan(1);
    expect(slow.calls).toEqual([]);
    expect(await stage.settlement(slip)).toMatchObject({ event: { worker: 'another' }, count: 1 });
  });

  it('is not called for when its worker was suspended at the last moment before the call', async () => {
    const slip = stage.slip(['frozen']);
    await stage.publish(slip, { lineage: header });
    await stage.app({ name: 'frozen' });
    let begins = 0;
    const calls: string[] = [];
    const adapter: AppAdapter = {
      call: (_, { slip: { guid } }, __, { onSending }) => {
        begins += 1;
        if (begins === 1) void settle(slip, lineage);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, begins * 1100);
        onSending();
        calls.push(guid);
        return Promise.reject(new Error('The app must not be called.'));
      },
    };
    const suspended = await stage.startWorker('w2', ['frozen'], { adapters: { http: adapter } });
    await stage.untilAcknowledged('frozen');
    await suspended.close();
    expect(begins).toBeGreaterThan(0);
    expect(calls).toEqual([]);
    expect(await stage.settlement(slip)).toMatchObject({ event: { worker: 'another' }, count: 1 });
  });

  it('drops its result and publishes nothing when a newer lineage settled the stage during the call', async () => {
    const slip = stage.slip(ROUTE);
    script.set(slip.guid, () => {
      void settle(slip, newer);
      return { kind: 'ok', slowMs: 500 };
    });
    await stage.publish(slip, { lineage: header });
    await stage.untilSettled(slip);
    await stage.untilAcknowledged('shots');
    expect(await stage.settlement(slip)).toMatchObject({ event: newer, count: 1 });
    expect(await stage.stage('text', next(slip))).toBeNull();
  });

  it('counts the calls of its own lineage only', async () => {
    const [again, other] = [stage.slip(['shots']), stage.slip(['shots'])];
    await stage.report(eventOf(again, lineage, { call: 2 }));
    await stage.report(eventOf(other, older, { call: 4 }));
    await stage.publish(again, { lineage: header });
    await stage.publish(other, { lineage: header });
    expect((await stage.untilSettled(again)).event).toMatchObject({ kind: 'done', call: 3 });
    expect((await stage.untilSettled(other)).event).toMatchObject({ kind: 'done', call: 1 });
  });

  it('counts the calls of attempts that the sweeper replaced, except for a raw replay', async () => {
    const [again, looping, replayed] = [2, 4, 4].map((calls) => ({ ...stage.slip(['shots']), calls }));
    await stage.publish(again!, { lineage: header });
    await stage.publish(looping!, { lineage: header });
    await stage.publish(replayed!, { lineage: null });
    expect((await stage.untilSettled(again!)).event).toMatchObject({ kind: 'done', call: 3 });
    expect((await stage.untilSettled(looping!)).event).toMatchObject({ outcome: 'crash-loop', call: 4 });
    expect((await stage.untilSettled(replayed!)).event).toMatchObject({ kind: 'done', call: 1 });
  });

  it('is dead-lettered instead of a fifth call without a settlement', async () => {
    const slip = stage.slip(ROUTE);
    await stage.report(eventOf(slip, lineage, { call: 4 }));
    const { body } = await stage.publish(slip, { lineage: header });
    const { event } = await stage.untilSettled(slip);
    expect(event).toMatchObject({ kind: 'failed', outcome: 'crash-loop', fingerprint: 'shots|crash-loop', call: 4 });
    expect(event.sentence).toContain('was called 4 times for this file without a recorded result');
    const letter = (await dead(slip))!;
    expect(Buffer.compare(letter.body, body)).toBe(0);
    expect(letter.headers.get('Chowda-Reason')).toBe('crash-loop');
    await stage.untilAcknowledged('shots');
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect(await stage.stage('text', next(slip))).toBeNull();
  });
});

describe('a raw replay', () => {
  it('is newer than the message that it repeats, with the same bytes, and a second replay is newer again', async () => {
    const slip = stage.slip(ROUTE);
    const { body } = await stage.publish(slip, { lineage: '3.1790000000000000500' });
    const first = await stage.untilSettled(slip);
    await stage.untilSettled(next(slip));
    let before = first.event;
    for (const count of [2, 3]) {
      const replay = await stage.publishRaw(slip, body);
      await waitFor(async () => (await stage.settlement(next(slip)))?.count === count);
      const after = (await stage.settlement(slip))!;
      expect(after).toMatchObject({ event: { generation: 3, root: replay.timestamp, rawReplay: true }, count });
      expect(BigInt(after.event.root)).toBeGreaterThan(BigInt(before.root));
      expect(Buffer.compare(shots.callsFor(slip.guid).at(-1)!.document, shots.callsFor(slip.guid)[0]!.document)).toBe(
        0,
      );
      before = after.event;
    }
    expect(shots.callsFor(slip.guid)).toHaveLength(3);
  });

  it('is called even if the scheduler has published the next stage meanwhile', async () => {
    const slip = stage.slip(ROUTE);
    const { body } = await stage.publish(slip, { lineage: '1.1790000000000000500' });
    await stage.untilSettled(next(slip));
    await stage.publish(next(slip), { lineage: '2.new' });
    await stage.publishRaw(slip, body);
    await waitFor(async () => (await stage.settlement(slip))?.count === 2);
    expect(shots.callsFor(slip.guid)).toHaveLength(2);
  });

  it('has the generation of its slip when the stage was never settled', async () => {
    const slip = stage.slip(['shots'], { generation: 5 });
    const { timestamp } = await stage.publish(slip, { lineage: null });
    expect((await stage.untilSettled(slip)).event).toMatchObject({ generation: 5, root: timestamp });
  });
});

describe('a stage that is older than the event log', () => {
  it('is parked without a call, because it may have been settled; a newer stage is called', async () => {
    const before = stage.slip(['late']);
    await stage.publish(before);
    await stage.recreateLog();
    const after = stage.slip(['late']);
    await stage.publish(after);
    const late = await stage.app({ name: 'late' });
    expect((await stage.untilSettled(before)).event).toMatchObject({ kind: 'parked', call: 0 });
    expect((await stage.untilSettled(after)).event).toMatchObject({ kind: 'done', call: 1 });
    await stage.untilAcknowledged('late');
    expect(late.calls.map(({ guid }) => guid)).toEqual([after.guid]);
  });
});

describe('a worker', () => {
  it(
    'keeps an answer until a killed broker is back, without another call',
    async () => {
      const slip = stage.slip(ROUTE);
      let isCalled: () => void = () => undefined;
      const called = new Promise<void>((resolve) => (isCalled = resolve));
      script.set(slip.guid, () => {
        isCalled();
        return { kind: 'ok', slowMs: 300 };
      });
      await stage.publish(slip);
      await called;
      await stage.nats.kill();
      await stage.nats.restart();
      await waitFor(() => stage.link.isConnected());
      expect(await stage.untilSettled(next(slip), SLOW)).toMatchObject({ event: { kind: 'done' }, count: 1 });
      expect(await stage.settlement(slip)).toMatchObject({ event: { kind: 'done' }, count: 1 });
      expect(shots.callsFor(slip.guid)).toHaveLength(1);
      expect(text.callsFor(slip.guid)).toHaveLength(1);
    },
    SLOW,
  );

  it(
    'leaves a stage to another worker when it stops during the call',
    async () => {
      const slip = stage.slip(['shots']);
      script.set(slip.guid, ({ attempt }) => (attempt === 1 ? { kind: 'hang' } : { kind: 'ok' }));
      await stage.publish(slip);
      await waitFor(() => shots.callsFor(slip.guid).length === 1);
      const successor = await stage.startWorker('w2', ['shots', 'text']);
      await worker.close();
      worker = successor;
      expect((await stage.untilSettled(slip)).event).toMatchObject({
        kind: 'done',
        worker: 'w2',
        call: 1,
        delivery: 2,
      });
    },
    SLOW,
  );

  it(
    'does not count calls that it returned to the queue when it stopped, however many',
    async () => {
      const patient = await stage.app({
        name: 'patient',
        script: ({ attempt }) => (attempt <= 5 ? { kind: 'hang' } : { kind: 'ok' }),
      });
      const slip = stage.slip(['patient']);
      await stage.publish(slip);
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const leaving = await stage.startWorker(`p${attempt}`, ['patient']);
        await waitFor(() => patient.calls.length === attempt, { within: SLOW });
        await leaving.close();
      }
      const last = await stage.startWorker('p6', ['patient']);
      const { event } = await stage.untilSettled(slip, SLOW);
      await last.close();
      expect(event).toMatchObject({ kind: 'done', worker: 'p6', call: 1 });
    },
    2 * SLOW,
  );
});
