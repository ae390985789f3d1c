import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deadSubject, type StageEvent, LINEAGE_HEADER, type Slip, STREAMS } from '#libs/contracts';
import { provision, readLast } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import { eventOf, INSTALLATION, WorkerStage } from './worker-stage.js';
import type { AppAdapter } from '../src/adapters/app-adapter.js';

const SLOW = 30_000;
const ROUTE = ['shots', 'text'];

let stage: WorkerStage;
let worker: RunningService;
let shots: ScriptedApp;
let text: ScriptedApp;
/** What `shots` does with a file, by GUID; `ok` where nothing is said. */
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

describe('a stage that somebody has worked on', () => {
  const lineage = { generation: 1, root: '1790000000000000500' };
  const header = `${lineage.generation}.${lineage.root}`;
  const older = { generation: 1, root: '1790000000000000400' };
  const newer = { generation: 2, root: '1790000000000000600' };

  /** Publishes a settlement of `slip` with a document of its own, as a worker that died right after it. */
  async function settle(slip: Slip, by: typeof lineage, change: Partial<StageEvent> = {}): Promise<Uint8Array> {
    const document = Buffer.from(`{"settled by": "${by.generation}.${by.root}"}`);
    const { ref, inline } = await stage.link.documents.pack(slip, document);
    await stage.report(eventOf(slip, by, { kind: 'done', outcome: 'ok', document: ref, ...change }), inline);
    return document;
  }

  it('hands on what was settled when its worker was killed before it did, without a call', async () => {
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

  it('is only acknowledged when the next stage was handed on, too', async () => {
    const slip = stage.slip(ROUTE);
    const document = await settle(slip, lineage);
    await stage.publish(next(slip), { lineage: header, document });
    await stage.publish(slip, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect((await stage.stage('text', next(slip)))!.count).toBe(1);
    expect(shots.callsFor(slip.guid)).toEqual([]);
  });

  it('is only acknowledged when it was handed on and its settlement is lost, as with a deleted EVENTS', async () => {
    const [slip, other] = [stage.slip(ROUTE), stage.slip(ROUTE)];
    await stage.publish(next(slip), { lineage: header });
    await stage.publish(next(other), { lineage: `1.${older.root}` });
    await stage.publish(slip, { lineage: header });
    await stage.publish(other, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect(await stage.settlement(slip)).toBeNull();
    // What an older lineage has handed on tells nothing about this one.
    expect(shots.callsFor(other.guid)).toHaveLength(1);
  });

  it('is only acknowledged when it failed, or was the last', async () => {
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

  it('is run again in a newer lineage, which takes the place of the older one everywhere', async () => {
    const slip = stage.slip(ROUTE);
    const document = await settle(slip, older);
    await stage.publish(next(slip), { lineage: `1.${older.root}`, document });
    await stage.publish(slip, { lineage: header });
    await stage.untilAcknowledged('shots');
    expect(shots.callsFor(slip.guid)).toHaveLength(1);
    expect(await stage.settlement(slip)).toMatchObject({ event: lineage, count: 2 });
    expect(await stage.stage('text', next(slip))).toMatchObject({ slip: lineage, count: 2 });
  });

  it('goes on with what another delivery has settled meanwhile, and drops its own', async () => {
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

  it('is not called for when its worker stood still after its look, and another one has settled it meanwhile', async () => {
    const slip = stage.slip(['slow']);
    await stage.publish(slip, { lineage: header });
    const slow = await stage.app({ name: 'slow' });
    let looks = 0;
    const standStill = () => {
      looks += 1;
      if (looks === 1) void settle(slip, lineage);
      // Nothing goes on in this process meanwhile; each look may be a second older than the one before it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, looks * 1100);
    };
    const frozen = await stage.startWorker('w2', ['slow'], {
      onStep: (step) => (step === 'looked' ? standStill() : undefined),
    });
    await stage.untilAcknowledged('slow');
    await frozen.close();
    expect(looks).toBeGreaterThan(1);
    expect(slow.calls).toEqual([]);
    expect(await stage.settlement(slip)).toMatchObject({ event: { worker: 'another' }, count: 1 });
  });

  it('is not called for when its worker stood still at the last moment before the call', async () => {
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
        return Promise.reject(new Error('nobody should get here'));
      },
    };
    const frozen = await stage.startWorker('w2', ['frozen'], { adapter });
    await stage.untilAcknowledged('frozen');
    await frozen.close();
    expect(begins).toBeGreaterThan(0);
    expect(calls).toEqual([]);
    expect(await stage.settlement(slip)).toMatchObject({ event: { worker: 'another' }, count: 1 });
  });

  it('drops its own and hands nothing on when a newer lineage has settled meanwhile', async () => {
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

  it('counts the calls of its lineage, and not those of another one', async () => {
    const [again, other] = [stage.slip(['shots']), stage.slip(['shots'])];
    await stage.report(eventOf(again, lineage, { call: 2 }));
    await stage.report(eventOf(other, older, { call: 4 }));
    await stage.publish(again, { lineage: header });
    await stage.publish(other, { lineage: header });
    expect((await stage.untilSettled(again)).event).toMatchObject({ kind: 'done', call: 3 });
    expect((await stage.untilSettled(other)).event).toMatchObject({ kind: 'done', call: 1 });
  });

  it('is given up with a dead letter at the fifth call that nobody settled', async () => {
    const slip = stage.slip(ROUTE);
    await stage.report(eventOf(slip, lineage, { call: 4 }));
    const { body } = await stage.publish(slip, { lineage: header });
    const { event } = await stage.untilSettled(slip);
    expect(event).toMatchObject({ kind: 'failed', outcome: 'crash-loop', fingerprint: 'shots|crash-loop', call: 4 });
    expect(event.sentence).toContain('died 4 times');
    const letter = (await dead(slip))!;
    expect(Buffer.compare(letter.body, body)).toBe(0);
    expect(letter.headers.get('Chowda-Reason')).toBe('crash-loop');
    await stage.untilAcknowledged('shots');
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect(await stage.stage('text', next(slip))).toBeNull();
  });
});

describe('a raw replay', () => {
  it('is newer than what it repeats, with the same bytes, and again newer when it is repeated', async () => {
    const slip = stage.slip(ROUTE);
    const { body } = await stage.publish(slip, { lineage: '3.1790000000000000500' });
    const first = await stage.untilSettled(slip);
    await stage.untilSettled(next(slip));
    let before = first.event;
    for (const count of [2, 3]) {
      const replay = await stage.publishRaw(slip, body);
      await waitFor(async () => (await stage.settlement(next(slip)))?.count === count);
      const after = (await stage.settlement(slip))!;
      expect(after).toMatchObject({ event: { generation: 3, root: replay.timestamp }, count });
      expect(BigInt(after.event.root)).toBeGreaterThan(BigInt(before.root));
      expect(Buffer.compare(shots.callsFor(slip.guid).at(-1)!.document, shots.callsFor(slip.guid)[0]!.document)).toBe(
        0,
      );
      before = after.event;
    }
    expect(shots.callsFor(slip.guid)).toHaveLength(3);
  });

  it('is called although the scheduler let the run go on with the next stage meanwhile', async () => {
    const slip = stage.slip(ROUTE);
    const { body } = await stage.publish(slip, { lineage: '1.1790000000000000500' });
    await stage.untilSettled(next(slip));
    await stage.publish(next(slip), { lineage: '2.new' });
    await stage.publishRaw(slip, body);
    await waitFor(async () => (await stage.settlement(slip))?.count === 2);
    expect(shots.callsFor(slip.guid)).toHaveLength(2);
  });

  it('takes the generation of its slip where nothing was settled', async () => {
    const slip = stage.slip(['shots'], { generation: 5 });
    const { timestamp } = await stage.publish(slip, { lineage: null });
    expect((await stage.untilSettled(slip)).event).toMatchObject({ generation: 5, root: timestamp });
  });
});

describe('a stage whose event log was lost', () => {
  it('is put back without a call, because it may have been settled, and a newer one is called for', async () => {
    const before = stage.slip(['late']);
    await stage.publish(before);
    const manager = await stage.link.connection.jetstreamManager();
    await manager.streams.delete(STREAMS.events.name);
    await provision(stage.link.connection, INSTALLATION);
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
    'keeps an answer until a broker that was killed is back, and calls nobody again for it',
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
    'leaves a stage to another worker when it stops in the middle of it',
    async () => {
      const slip = stage.slip(['shots']);
      script.set(slip.guid, ({ attempt }) => (attempt === 1 ? { kind: 'hang' } : { kind: 'ok' }));
      await stage.publish(slip);
      await waitFor(() => shots.callsFor(slip.guid).length === 1);
      const successor = await stage.startWorker('w2');
      await worker.close();
      worker = successor;
      expect((await stage.untilSettled(slip)).event).toMatchObject({
        kind: 'done',
        worker: 'w2',
        call: 2,
        delivery: 2,
      });
    },
    SLOW,
  );
});
