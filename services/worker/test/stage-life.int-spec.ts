import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deadSubject, type Fact, LINEAGE_HEADER, type Slip, stageSubject, STREAMS } from '#libs/contracts';
import { readLast, sha256 } from '#libs/messaging';
import { appendViews } from '#libs/mmif';
import type { RunningService } from '#libs/runtime';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import { deadLetter } from '../src/dead-letter.js';
import { factOf, WorkerStage } from './worker-stage.js';

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
  worker = await stage.startWorker('w1');
});

afterAll(async () => {
  await worker.close();
  await stage.close();
});

const next = (slip: Slip) => ({ ...slip, index: slip.index + 1 });
const dead = (slip: Slip, app = 'shots') => readLast(stage.link.connection, STREAMS.dead.name, deadSubject(app, slip));
/** A run whose `shots` reacts so. */
function slipWith(reaction: Reaction, change: Partial<Slip> = {}): Slip {
  const slip = stage.slip(ROUTE, change);
  script.set(slip.guid, () => reaction);
  return slip;
}

describe('a stage', () => {
  it('calls its app once with the document as it is, and commits what it answered', async () => {
    const slip = stage.slip(['shots']);
    const document = Buffer.from(Buffer.from(stage.source(slip)).toString().replace('"views":[]', '"views" : [ ]'));
    const { timestamp } = await stage.publish(slip, { document });
    const { fact, inline, count } = await stage.untilSettled(slip);
    expect(shots.callsFor(slip.guid)).toHaveLength(1);
    const [call] = shots.callsFor(slip.guid);
    expect(Buffer.compare(call!.document, document)).toBe(0);
    expect(Object.fromEntries(call!.parameters)).toEqual({ threshold: '0.25' });
    expect(fact).toMatchObject({
      kind: 'done',
      outcome: 'ok',
      generation: 1,
      root: timestamp,
      call: 1,
      delivery: 1,
      worker: 'w1',
      stages: 1,
      counts: { TimeFrame: 1 },
      document: { inline: true, sha256: sha256(inline), bytes: inline.byteLength },
    });
    expect(JSON.parse(inline.toString())).toMatchObject({ views: [{ metadata: { app: shots.identifier } }] });
    expect(await stage.started(slip)).toMatchObject({ kind: 'started', root: timestamp, call: 1 });
    expect(count).toBe(1);
    await stage.untilAcknowledged('shots');
  });

  it('hands on to the next stage what it has committed, byte by byte, in the same lineage', async () => {
    const slip = stage.slip(ROUTE);
    const first = await stage.publish(slip);
    await stage.untilSettled(next(slip));
    const committed = (await stage.settlement(slip))!;
    const child = (await stage.stage('text', next(slip)))!;
    expect(Buffer.compare(text.callsFor(slip.guid)[0]!.document, committed.inline)).toBe(0);
    expect(child.count).toBe(1);
    expect(child.stored.headers.get(LINEAGE_HEADER)).toBe(`1.${first.timestamp}`);
    expect(Object.fromEntries(child.stored.headers)).toMatchObject({
      'Chowda-Run': String(slip.run),
      'Chowda-Guid': slip.guid,
      'Chowda-Stage': '1',
      'Chowda-App': 'text',
      'Chowda-Document': 'inline',
      traceparent: slip.trace,
    });
    expect(child.slip).toMatchObject({
      index: 1,
      root: first.timestamp,
      document: committed.fact.document,
      trace: slip.trace,
    });
    expect((await stage.settlement(next(slip)))!.fact).toMatchObject({
      kind: 'done',
      generation: 1,
      root: first.timestamp,
    });
    await stage.untilAcknowledged('text');
  });

  it('takes a document from the bucket, and puts a large answer there', async () => {
    const slip = slipWith({ kind: 'ok', padBytes: 200_000 });
    const source = JSON.parse(Buffer.from(stage.source(slip)).toString()) as { metadata: object };
    const document = Buffer.from(
      JSON.stringify({ ...source, metadata: { ...source.metadata, note: 'x'.repeat(100_000) } }),
    );
    const { body } = await stage.publish(slip, { document });
    expect(body.byteLength).toBeLessThan(2000);
    await stage.untilSettled(next(slip));
    const { fact, inline } = (await stage.settlement(slip))!;
    expect(Buffer.compare(shots.callsFor(slip.guid)[0]!.document, document)).toBe(0);
    expect(fact.document).toMatchObject({
      key: expect.stringMatching(`^7/${slip.run}/0/`) as unknown,
      encoding: 'gzip',
    });
    expect(inline.byteLength).toBe(0);
    expect(sha256(text.callsFor(slip.guid)[0]!.document)).toBe(fact.document!.sha256);
    expect((await stage.stage('text', next(slip)))!.slip.document).toEqual(fact.document);
  });

  it.each([
    ['an error view', { kind: 'error-view', message: 'no frames in /media/x.mp4' }, 'app-error', /no frames/],
    ['a text that refuses its input', { kind: 'text', message: 'no views' }, 'invalid-input', /no views/],
    ['what is no MMIF', { kind: 'garbage' }, 'invalid-output', /MMIF|JSON/],
    ['a page of a proxy', { kind: 'html' }, 'unreachable', /502/],
    ['a broken connection', { kind: 'close' }, 'unreachable', /connection/],
    ['silence beyond its deadline', { kind: 'hang' }, 'timeout', /1 s/],
  ] satisfies [string, Reaction, string, RegExp][])(
    'fails on %s with class, sentence and fingerprint, and hands nothing on',
    async (_, reaction, outcome, sentence) => {
      const slip = slipWith(reaction, { route: stage.slip(ROUTE).route.map((step) => ({ ...step, deadline: 1 })) });
      await stage.publish(slip);
      const { fact, inline } = await stage.untilSettled(slip);
      expect(fact).toMatchObject({ kind: 'failed', outcome, fingerprint: expect.stringContaining('shots') as unknown });
      expect(fact.sentence).toMatch(sentence);
      expect(fact.document).toBeUndefined();
      expect(inline.byteLength).toBe(0);
      await stage.untilAcknowledged('shots');
      expect(await stage.stage('text', next(slip))).toBeNull();
      expect(shots.callsFor(slip.guid)).toHaveLength(1);
    },
  );

  it('fails without a call when its document is gone or is another one', async () => {
    const gone = stage.slip(ROUTE, {
      document: { key: '7/0/0/gone', sha256: 'a'.repeat(64), bytes: 70_000, encoding: 'gzip' },
    });
    const other = stage.slip(ROUTE, { document: { inline: true, sha256: 'a'.repeat(64), bytes: 2 } });
    for (const slip of [gone, other]) {
      await stage.publishRaw(slip, Buffer.from(`${JSON.stringify(slip)}\n{}`), { [LINEAGE_HEADER]: '1.new' });
      expect((await stage.untilSettled(slip)).fact).toMatchObject({ kind: 'failed', outcome: 'invalid-input' });
      expect(shots.callsFor(slip.guid)).toEqual([]);
    }
    expect((await stage.settlement(gone))!.fact.sentence).toContain('no longer in the bucket');
    expect((await stage.settlement(other))!.fact.sentence).toContain('checksum differs');
  });

  it('fails on an answer that no event can carry, and does not call for it again', async () => {
    const identifier = 'http://apps.clams.ai/verbose/v1';
    const types = Array.from({ length: 300 }, (_, n) => `http://mmif.clams.ai/vocabulary/${'X'.repeat(1000)}${n}/v1`);
    const view = {
      id: 'v_0',
      metadata: { app: identifier, contains: Object.fromEntries(types.map((type) => [type, {}])) },
      annotations: types.map((type, n) => ({ '@type': type, properties: { id: `v_0:a_${n}` } })),
    };
    let calls = 0;
    const server = createServer((request, response) => {
      calls += 1;
      void request.toArray().then((chunks) => {
        const document = Buffer.concat(chunks).toString();
        response.writeHead(200, { 'content-type': 'application/json' }).end(appendViews(document, [view]));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await stage.register('verbose', { url, identifier });
    const slip = stage.slip(['verbose', 'text']);
    await stage.publish(slip);
    const { fact } = await stage.untilSettled(slip);
    expect(fact).toMatchObject({ kind: 'failed', outcome: 'invalid-output' });
    expect(fact.sentence).toContain('cannot be recorded');
    await stage.untilAcknowledged('verbose');
    expect(calls).toBe(1);
    expect(await stage.stage('text', next(slip))).toBeNull();
    server.closeAllConnections();
    server.close();
  });
});

describe('a message that is no stage of ours', () => {
  async function untilDead(slip: Slip, app = 'shots') {
    const letter = await waitFor(() => dead(slip, app), { what: 'The dead letter' });
    await stage.untilAcknowledged(app);
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect(await stage.settlement(slip)).toBeNull();
    expect(await stage.started(slip)).toBeNull();
    return letter;
  }

  it('is kept verbatim with the reason when it cannot be read, and nothing else is touched', async () => {
    const slip = stage.slip(ROUTE);
    const body = Buffer.from([0xff, 0x00, 0x7b, 0x0a, 0xfe]);
    const { sequence } = await stage.publishRaw(slip, body, { [LINEAGE_HEADER]: '1.new', 'Chowda-Guid': slip.guid });
    const letter = await untilDead(slip);
    expect(Buffer.compare(letter.body, body)).toBe(0);
    expect(Object.fromEntries(letter.headers)).toMatchObject({
      'Chowda-Reason': 'malformed',
      'Chowda-Error': 'The first line of the message is no JSON.',
      'Chowda-Orig-Subject': stageSubject('shots', slip),
      'Chowda-Orig-Seq': String(sequence),
      'Chowda-Worker': 'w1',
    });
  });

  it('is kept with the reason when it belongs to another installation', async () => {
    const slip = stage.slip(ROUTE, { installation: 'elsewhere' });
    await stage.publish(slip);
    const { headers } = await untilDead(slip);
    expect(headers.get('Chowda-Reason')).toBe('foreign');
    expect(headers.get('Chowda-Error')).toContain('installation elsewhere');
  });

  it('is kept once when its worker is killed before it acknowledges it, and each message by itself', async () => {
    const { subject, body, sequence, timestamp } = await stage.publishRaw(
      stage.slip(['elsewhere']),
      Buffer.from('odd'),
    );
    const info = { deliveries: 1, streamSequence: sequence, consumerSequence: 1, timestamp };
    const reason = { class: 'malformed', sentence: 'Odd.' } as const;
    const letter = { subject, body, info };
    for (const { deliveries } of [{ deliveries: 1 }, { deliveries: 2 }]) {
      await deadLetter(stage.link, 'w1', { ...letter, info: { ...info, deliveries } }, reason);
    }
    expect(await stage.count(STREAMS.dead.name, 'dead.elsewhere.>')).toBe(1);
    await deadLetter(stage.link, 'w1', { ...letter, info: { ...info, streamSequence: sequence + 1 } }, reason);
    expect(await stage.count(STREAMS.dead.name, 'dead.elsewhere.>')).toBe(2);
  });

  it('is kept also when its subject names no stage', async () => {
    await stage.link.publisher.publish('stage.shots.odd', Buffer.from('odd'));
    const letter = await waitFor(() => readLast(stage.link.connection, STREAMS.dead.name, 'dead.unknown.0.0.0'));
    expect(letter.headers.get('Chowda-Error')).toBe('The subject stage.shots.odd names no stage.');
    await stage.untilAcknowledged('shots');
  });
});

describe('a stage that somebody has worked on', () => {
  const lineage = { generation: 1, root: '1790000000000000500' };
  const header = `${lineage.generation}.${lineage.root}`;
  const older = { generation: 1, root: '1790000000000000400' };
  const newer = { generation: 2, root: '1790000000000000600' };

  /** Publishes a settlement of `slip` with a document of its own, as a worker that died right after it. */
  async function settle(slip: Slip, by: typeof lineage, change: Partial<Fact> = {}): Promise<Uint8Array> {
    const document = Buffer.from(`{"settled by": "${by.generation}.${by.root}"}`);
    const { ref, inline } = await stage.link.documents.pack(slip, document);
    await stage.report(factOf(slip, by, { kind: 'done', outcome: 'ok', document: ref, ...change }), inline);
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

  it('is only acknowledged when it failed, or was the last', async () => {
    const failed = stage.slip(ROUTE);
    await stage.report(factOf(failed, lineage, { kind: 'failed', outcome: 'timeout' }));
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
    expect(await stage.settlement(slip)).toMatchObject({ fact: lineage, count: 2 });
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
    expect(await stage.settlement(slip)).toMatchObject({ fact: { worker: 'another' }, count: 1 });
    expect(Buffer.compare((await stage.stage('text', next(slip)))!.document, document)).toBe(0);
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
    expect(await stage.settlement(slip)).toMatchObject({ fact: newer, count: 1 });
    expect(await stage.stage('text', next(slip))).toBeNull();
  });

  it('counts the calls of its lineage, and not those of another one', async () => {
    const [again, other] = [stage.slip(['shots']), stage.slip(['shots'])];
    await stage.report(factOf(again, lineage, { call: 2 }));
    await stage.report(factOf(other, older, { call: 4 }));
    await stage.publish(again, { lineage: header });
    await stage.publish(other, { lineage: header });
    expect((await stage.untilSettled(again)).fact).toMatchObject({ kind: 'done', call: 3 });
    expect((await stage.untilSettled(other)).fact).toMatchObject({ kind: 'done', call: 1 });
  });

  it('is given up with a dead letter at the fifth call that nobody settled', async () => {
    const slip = stage.slip(ROUTE);
    await stage.report(factOf(slip, lineage, { call: 4 }));
    const { body } = await stage.publish(slip, { lineage: header });
    const { fact } = await stage.untilSettled(slip);
    expect(fact).toMatchObject({ kind: 'failed', outcome: 'crash-loop', fingerprint: 'shots|crash-loop', call: 4 });
    expect(fact.sentence).toContain('died 4 times');
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
    let before = first.fact;
    for (const count of [2, 3]) {
      const replay = await stage.publishRaw(slip, body);
      await waitFor(async () => (await stage.settlement(next(slip)))?.count === count);
      const after = (await stage.settlement(slip))!;
      expect(after).toMatchObject({ fact: { generation: 3, root: replay.timestamp }, count });
      expect(BigInt(after.fact.root)).toBeGreaterThan(BigInt(before.root));
      expect(Buffer.compare(shots.callsFor(slip.guid).at(-1)!.document, shots.callsFor(slip.guid)[0]!.document)).toBe(
        0,
      );
      before = after.fact;
    }
    expect(shots.callsFor(slip.guid)).toHaveLength(3);
  });

  it('takes the generation of its slip where nothing was settled', async () => {
    const slip = stage.slip(['shots'], { generation: 5 });
    const { timestamp } = await stage.publish(slip, { lineage: null });
    expect((await stage.untilSettled(slip)).fact).toMatchObject({ generation: 5, root: timestamp });
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
      expect(await stage.untilSettled(next(slip), SLOW)).toMatchObject({ fact: { kind: 'done' }, count: 1 });
      expect(await stage.settlement(slip)).toMatchObject({ fact: { kind: 'done' }, count: 1 });
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
      expect((await stage.untilSettled(slip)).fact).toMatchObject({ kind: 'done', worker: 'w2', call: 2, delivery: 2 });
    },
    SLOW,
  );
});
