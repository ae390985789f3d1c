import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deadSubject, DECIDED_HEADER, LINEAGE_HEADER, type Slip, stageSubject, STREAMS } from '#libs/contracts';
import { readLast, sha256 } from '#libs/messaging';
import { appendViews } from '#libs/mmif';
import type { RunningService } from '#libs/runtime';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import type { AppAdapter } from '../src/adapters/app-adapter.js';
import { cancelledResult } from '../src/adapters/stage-result.js';
import { deadLetter } from '../src/dead-letter.js';
import { eventOf, WorkerStage } from './worker-stage.js';

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
  worker = await stage.startWorker('w1', ['shots', 'text', 'verbose']);
});

afterAll(async () => {
  await worker.close();
  await stage.close();
});

const next = (slip: Slip) => ({ ...slip, index: slip.index + 1 });
const dead = (slip: Slip, app = 'shots') => readLast(stage.link.connection, STREAMS.dead.name, deadSubject(app, slip));
/** A run to which `shots` reacts as given. */
function slipWith(reaction: Reaction, change: Partial<Slip> = {}): Slip {
  const slip = stage.slip(ROUTE, change);
  script.set(slip.guid, () => reaction);
  return slip;
}

describe('a stage', () => {
  it('calls its app once with the unchanged document, and commits the answer', async () => {
    const slip = stage.slip(['shots']);
    const document = Buffer.from(Buffer.from(stage.source(slip)).toString().replace('"views":[]', '"views" : [ ]'));
    const { timestamp } = await stage.publish(slip, { document });
    const { event, inline, count } = await stage.untilSettled(slip);
    expect(shots.callsFor(slip.guid)).toHaveLength(1);
    const [call] = shots.callsFor(slip.guid);
    expect(Buffer.compare(call!.document, document)).toBe(0);
    expect(Object.fromEntries(call!.parameters)).toEqual({ threshold: '0.25' });
    expect(event).toMatchObject({
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

  it('publishes the committed output to the next stage, byte by byte, in the same lineage', async () => {
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
      [DECIDED_HEADER]: String(committed.event.times.settled),
      traceparent: slip.trace,
    });
    expect(child.slip).toMatchObject({
      index: 1,
      root: first.timestamp,
      document: committed.event.document,
      trace: slip.trace,
    });
    expect((await stage.settlement(next(slip)))!.event).toMatchObject({
      kind: 'done',
      generation: 1,
      root: first.timestamp,
    });
    await stage.untilAcknowledged('text');
  });

  it('reads a document from the bucket, and stores a large answer there', async () => {
    const slip = slipWith({ kind: 'ok', padBytes: 200_000 });
    const source = JSON.parse(Buffer.from(stage.source(slip)).toString()) as { metadata: object };
    const document = Buffer.from(
      JSON.stringify({ ...source, metadata: { ...source.metadata, note: 'x'.repeat(100_000) } }),
    );
    const { body } = await stage.publish(slip, { document });
    expect(body.byteLength).toBeLessThan(2000);
    await stage.untilSettled(next(slip));
    const { event, inline } = (await stage.settlement(slip))!;
    expect(Buffer.compare(shots.callsFor(slip.guid)[0]!.document, document)).toBe(0);
    expect(event.document).toMatchObject({
      key: expect.stringMatching(`^7/${slip.run}/0/`) as unknown,
      encoding: 'gzip',
    });
    expect(inline.byteLength).toBe(0);
    expect(sha256(text.callsFor(slip.guid)[0]!.document)).toBe(event.document!.sha256);
    expect((await stage.stage('text', next(slip)))!.slip.document).toEqual(event.document);
  });

  it.each([
    ['an error view', { kind: 'error-view', message: 'no frames in /media/x.mp4' }, 'app-error', /no frames/],
    ['a text that rejects its input', { kind: 'text', message: 'no views' }, 'invalid-input', /no views/],
    ['an answer that is not MMIF', { kind: 'garbage' }, 'invalid-output', /MMIF|JSON/],
    ['an error page of a proxy', { kind: 'html' }, 'unreachable', /502/],
    ['a broken connection', { kind: 'close' }, 'unreachable', /connection/],
    ['silence beyond its deadline', { kind: 'hang' }, 'timeout', /1 s/],
  ] satisfies [string, Reaction, string, RegExp][])(
    'fails on %s with class, sentence and fingerprint, and publishes no next stage',
    async (_, reaction, outcome, sentence) => {
      const slip = slipWith(reaction, { route: stage.slip(ROUTE).route.map((step) => ({ ...step, deadline: 1 })) });
      await stage.publish(slip);
      const { event, inline } = await stage.untilSettled(slip);
      expect(event).toMatchObject({
        kind: 'failed',
        outcome,
        fingerprint: expect.stringContaining('shots') as unknown,
      });
      expect(event.sentence).toMatch(sentence);
      expect(event.document).toBeUndefined();
      expect(inline.byteLength).toBe(0);
      await stage.untilAcknowledged('shots');
      expect(await stage.stage('text', next(slip))).toBeNull();
      expect(shots.callsFor(slip.guid)).toHaveLength(1);
    },
  );

  it('fails without a call when its document has another checksum', async () => {
    const slip = stage.slip(ROUTE, { document: { inline: true, sha256: 'a'.repeat(64), bytes: 2 } });
    await stage.publishRaw(slip, Buffer.from(`${JSON.stringify(slip)}\n{}`), { [LINEAGE_HEADER]: '1.new' });
    const { event } = await stage.untilSettled(slip);
    expect(event).toMatchObject({ kind: 'failed', outcome: 'invalid-input' });
    expect(event.sentence).toContain('checksum differs');
    expect(shots.callsFor(slip.guid)).toEqual([]);
  });

  it('fails on an answer that no event can carry, without another call', async () => {
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
    const { event } = await stage.untilSettled(slip);
    expect(event).toMatchObject({ kind: 'failed', outcome: 'invalid-output' });
    expect(event.sentence).toContain('could not be recorded');
    await stage.untilAcknowledged('verbose');
    expect(calls).toBe(1);
    expect(await stage.stage('text', next(slip))).toBeNull();
    server.closeAllConnections();
    server.close();
  });
});

describe('a stage whose document is gone from the bucket', () => {
  const lineage = { generation: 1, root: '1790000000000000500' };
  const publishGone = async (slip: Slip) => {
    const document = { key: '7/0/0/gone', sha256: 'a'.repeat(64), bytes: 70_000, encoding: 'gzip' } as const;
    const body = Buffer.from(`${JSON.stringify({ ...slip, document })}\n`);
    await stage.publishRaw(slip, body, { [LINEAGE_HEADER]: `1.${lineage.root}` });
  };

  it('is parked without a call, so that the scheduler publishes it again', async () => {
    const slip = stage.slip(ROUTE);
    await publishGone(slip);
    expect((await stage.untilSettled(slip)).event).toMatchObject({ kind: 'parked', call: 0, ...lineage });
    expect(shots.callsFor(slip.guid)).toEqual([]);
  });

  it('is left to another process of the same worker that has announced its call, while its heartbeat lists the run', async () => {
    const slip = stage.slip(ROUTE);
    await stage.report(eventOf(slip, lineage, { call: 1 }));
    const inFlight = [{ run: slip.run, index: 0, generation: 1, sequence: 1, since: 0 }];
    await stage.heartbeat({ worker: 'w1', process: 'another', inFlight });
    await publishGone(slip);
    await waitFor(async () => (await stage.redeliveries('shots')) > 0, { within: 20_000 });
    expect(await stage.settlement(slip)).toBeNull();
    await stage.heartbeat({ worker: 'w1', process: 'another', inFlight: [] });
    expect((await stage.untilSettled(slip, 20_000)).event).toMatchObject({ kind: 'parked', ...lineage });
    expect(shots.callsFor(slip.guid)).toEqual([]);
    // Two delays of 5 s.
  }, 60_000);
});

describe('a result that the schema of events rejects', () => {
  it('is committed as a failure that names the field, after one call', async () => {
    const slip = stage.slip(['endless', 'text']);
    let calls = 0;
    const adapter: AppAdapter = {
      call: (_, __, document, { onSending }) => {
        onSending();
        calls += 1;
        return Promise.resolve({
          ...cancelledResult('Nothing'),
          outcome: 'ok',
          runningSeconds: Number.POSITIVE_INFINITY,
          output: document,
        });
      },
    };
    await stage.app({ name: 'endless' });
    const other = await stage.startWorker('w2', ['endless'], { adapters: { http: adapter } });
    await stage.publish(slip);
    const { event } = await stage.untilSettled(slip);
    expect(event).toMatchObject({ kind: 'failed', outcome: 'invalid-output', worker: 'w2' });
    expect(event.sentence).toMatch(/^The response of endless could not be recorded: .*runningSeconds/);
    await stage.untilAcknowledged('endless');
    expect(calls).toBe(1);
    expect(await stage.stage('text', next(slip))).toBeNull();
    await other.close();
  });
});

describe('a message that is not a valid stage of this installation', () => {
  async function untilDead(slip: Slip, app = 'shots') {
    const letter = await waitFor(() => dead(slip, app), { what: 'The dead letter' });
    await stage.untilAcknowledged(app);
    expect(shots.callsFor(slip.guid)).toEqual([]);
    expect(await stage.settlement(slip)).toBeNull();
    expect(await stage.started(slip)).toBeNull();
    return letter;
  }

  it('is dead-lettered verbatim with the reason when it cannot be read, and causes no event', async () => {
    const slip = stage.slip(ROUTE);
    const body = Buffer.from([0xff, 0x00, 0x7b, 0x0a, 0xfe]);
    const { sequence } = await stage.publishRaw(slip, body, { [LINEAGE_HEADER]: '1.new', 'Chowda-Guid': slip.guid });
    const letter = await untilDead(slip);
    expect(Buffer.compare(letter.body, body)).toBe(0);
    expect(Object.fromEntries(letter.headers)).toMatchObject({
      'Chowda-Reason': 'malformed',
      'Chowda-Error': 'The first line of the message is not valid JSON.',
      'Chowda-Orig-Subject': stageSubject('shots', slip),
      'Chowda-Orig-Seq': String(sequence),
      'Chowda-Worker': 'w1',
    });
  });

  it('is dead-lettered with the reason when it belongs to another installation', async () => {
    const slip = stage.slip(ROUTE, { installation: 'elsewhere' });
    await stage.publish(slip);
    const { headers } = await untilDead(slip);
    expect(headers.get('Chowda-Reason')).toBe('foreign');
    expect(headers.get('Chowda-Error')).toContain('installation elsewhere');
  });

  it('is stored once when its worker is killed before the acknowledgement, and each message separately', async () => {
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

  it('is also dead-lettered when its subject does not name a stage', async () => {
    await stage.link.publisher.publish('stage.shots.odd', Buffer.from('odd'));
    const letter = await waitFor(() => readLast(stage.link.connection, STREAMS.dead.name, 'dead.unknown.0.0.0'));
    expect(letter.headers.get('Chowda-Error')).toBe('The subject stage.shots.odd does not name a stage.');
    await stage.untilAcknowledged('shots');
  });
});
