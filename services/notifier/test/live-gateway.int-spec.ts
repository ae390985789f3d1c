import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import {
  type BatchSummary,
  type CellChange,
  type ClientToServerEvents,
  packCells,
  type ServerToClientEvents,
  unpackCells,
} from '#libs/contracts';
import { waitFor } from '#libs/testing';
import { FanOut } from '../src/fan-out.js';
import type { NotifierConfig } from '../src/notifier.config.js';
import { NotifierModule } from '../src/notifier.module.js';
import { SocketAdapter } from '../src/socket-adapter.js';

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

const ACCESS_TOKEN = 'integration-'.repeat(4);
const STAGES = 2;
const noRuns = { waiting: 0, running: 1, done: 0, failed: 0, cancelled: 0 };

const summary = (batch: number, version: number): BatchSummary => ({
  batch,
  version,
  name: 'Evening news',
  state: 'running',
  runs: noRuns,
  stages: [],
  sentence: `Batch ${batch}: version ${version}`,
  errors: [],
});

let app: INestApplication;
let fanOut: FanOut;
let address: string;
let connected = true;
const clients: Client[] = [];

beforeAll(async () => {
  const config: NotifierConfig = {
    LOG_LEVEL: 'error',
    NATS_URL: 'nats://unused',
    ACCESS_TOKEN,
    HOST: '127.0.0.1',
    PORT: 0,
    ALLOWED_ORIGINS: [],
  };
  const module = await Test.createTestingModule({
    imports: [NotifierModule.with(config, () => connected)],
  }).compile();
  app = module.createNestApplication({ logger: false });
  app.useWebSocketAdapter(new SocketAdapter(app));
  await app.listen(0, '127.0.0.1');
  fanOut = app.get(FanOut);
  address = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});

afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));
afterAll(() => app.close());

function client(headers: Record<string, string> = { authorization: `Bearer ${ACCESS_TOKEN}` }): Client {
  const socket: Client = io(address, { extraHeaders: headers, transports: ['websocket'], forceNew: true });
  clients.push(socket);
  return socket;
}

const next = <Event extends keyof ServerToClientEvents>(socket: Client, event: Event) =>
  new Promise<Parameters<ServerToClientEvents[Event]>[0]>((resolve) => {
    socket.once(event, ((message: Parameters<ServerToClientEvents[Event]>[0]) => resolve(message)) as never);
  });

const refusalOf = (socket: Client) =>
  new Promise<string>((resolve) => socket.once('connect_error', (error) => resolve(error.message)));

function commit(batch: number, from: number, to: number, changes: CellChange[] = []): void {
  fanOut.commit({ commit: { v: 1, batch, from, to, summary: summary(batch, to) }, cells: packCells(changes, STAGES) });
}

const read = (message: { buf: Uint8Array | ArrayBuffer }) => unpackCells(new Uint8Array(message.buf), STAGES);

describe('the live gateway', () => {
  it('sends committed cells and the summary to the clients of the batch', async () => {
    const socket = client();
    expect(await socket.emitWithAck('subscribe', { topic: 'batch:1', since: 0 })).toMatchObject({ ok: true });
    const [cells, summaryMessage] = [next(socket, 'cells'), next(socket, 'summary')];
    commit(1, 0, 1, [{ row: 4, index: 1, state: 'done' }]);
    expect(await summaryMessage).toMatchObject({ topic: 'batch:1', summary: { version: 1 } });
    const message = await cells;
    expect(message).toMatchObject({ topic: 'batch:1', from: 0, to: 1 });
    expect(read(message)).toEqual([{ row: 4, index: 1, state: 'done' }]);
  });

  it('sends the changes that a returning client has missed in one message', async () => {
    commit(2, 0, 1, [{ row: 0, index: 0, state: 'running' }]);
    commit(2, 1, 2, [{ row: 0, index: 0, state: 'done' }]);
    commit(2, 2, 3, [{ row: 0, index: 1, state: 'queued' }]);
    const socket = client();
    const cells = next(socket, 'cells');
    expect(await socket.emitWithAck('subscribe', { topic: 'batch:2', since: 1 })).toEqual({
      ok: true,
      version: 3,
      gap: false,
    });
    const message = await cells;
    expect(message).toMatchObject({ from: 1, to: 3 });
    expect(read(message)).toHaveLength(2);
  });

  it('reports a gap when the version is older than its changes, or the batch is unknown', async () => {
    commit(3, 7, 8);
    const socket = client();
    expect(await socket.emitWithAck('subscribe', { topic: 'batch:3', since: 2 })).toEqual({
      ok: true,
      version: 8,
      gap: true,
    });
    expect(await socket.emitWithAck('subscribe', { topic: 'batch:999' })).toMatchObject({ ok: true, gap: true });
  });

  it('sends the summary of a batch at most once a second, and the newest one last', async () => {
    const socket = client();
    await socket.emitWithAck('subscribe', { topic: 'batch:80' });
    const received: number[] = [];
    socket.on('summary', (message) => void received.push(message.summary.version));
    for (let version = 1; version <= 20; version += 1) commit(80, version - 1, version);
    await waitFor(() => received.includes(20));
    expect(received).toEqual([1, 20]);
  });

  it('repeats the summary of a watched batch, so that clients detect a lost last message', async () => {
    const socket = client();
    commit(4, 0, 1);
    await socket.emitWithAck('subscribe', { topic: 'batch:4', since: 1 });
    expect(await next(socket, 'summary')).toMatchObject({ summary: { version: 1 } });
    expect(await next(socket, 'summary')).toMatchObject({ summary: { version: 1 } });
  });

  it('sends only the summaries of all batches to the list', async () => {
    const socket = client();
    const events: string[] = [];
    socket.onAny((event: string) => events.push(event));
    await socket.emitWithAck('subscribe', { topic: 'batches' });
    const first = next(socket, 'summary');
    commit(5, 0, 1, [{ row: 0, index: 0, state: 'done' }]);
    expect(await first).toMatchObject({ topic: 'batches', summary: { batch: 5 } });
    const second = next(socket, 'summary');
    commit(6, 0, 1);
    expect(await second).toMatchObject({ topic: 'batches', summary: { batch: 6 } });
    expect(events).not.toContain('cells');
  });

  it('sends only the latest percentage of a run', async () => {
    const socket = client();
    await socket.emitWithAck('subscribe', { topic: 'batch:7' });
    const progress = next(socket, 'progress');
    for (const percent of [10, 20, 30]) fanOut.reportProgress({ batch: 7, run: 70, row: 3, index: 1, percent });
    expect(await progress).toEqual({ topic: 'batch:7', run: 70, row: 3, index: 1, percent: 30 });
  });

  it('sends nothing about a batch to a client that has unsubscribed', async () => {
    const socket = client();
    const events: unknown[] = [];
    socket.on('cells', (message) => events.push(message.topic));
    await socket.emitWithAck('subscribe', { topic: 'batch:8' });
    await socket.emitWithAck('subscribe', { topic: 'batch:9' });
    socket.emit('unsubscribe', { topic: 'batch:8' });
    await socket.emitWithAck('subscribe', { topic: 'batch:9' });
    commit(8, 0, 1, [{ row: 0, index: 0, state: 'done' }]);
    const cells = next(socket, 'cells');
    commit(9, 0, 1, [{ row: 0, index: 0, state: 'done' }]);
    await cells;
    expect(events).toEqual(['batch:9']);
  });

  it.each([{ topic: 'everything' }, { topic: 'batch:1', since: -1 }, null, 'batches', { topic: 'batches', more: 1 }])(
    'rejects the subscription %j with a sentence',
    async (body) => {
      const answer = await client().emitWithAck('subscribe', body as never);
      expect(answer.ok).toBe(false);
      expect(answer.error).toMatch(/\w+/);
    },
  );

  it('rejects a client without credentials and a page of another site', async () => {
    expect(await refusalOf(client({}))).toBe('sign in again');
    const foreign = { authorization: `Bearer ${ACCESS_TOKEN}`, origin: 'https://evil.example' };
    expect(await refusalOf(client(foreign))).toMatch(/ALLOWED_ORIGINS/);
  });

  it('answers probes according to the connection to NATS', async () => {
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    connected = false;
    expect((await fetch(`${address}/healthz`)).status).toBe(503);
    expect((await fetch(`${address}/livez`)).status).toBe(200);
    connected = true;
  });
});
