import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import {
  type BatchSummary,
  type ClientToServerEvents,
  encodeBody,
  liveSubject,
  packCells,
  progressSubject,
  type ServerToClientEvents,
  type SubscribeAnswer,
} from '#libs/contracts';
import { freePort } from '#deploy/local';
import { NatsLink, provision } from '#libs/messaging';
import { createLogger, type RunningService } from '#libs/runtime';
import { type FakeClock, fakeClock, startTestNats, type TestNats, waitFor } from '#libs/testing';
import type { NotifierConfig } from '../src/notifier.config.js';
import { startNotifier } from '../src/start-notifier.js';

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

const ACCESS_TOKEN = 'integration-'.repeat(4);
const STAGES = 2;
const log = createLogger('test', 'silent');

let nats: TestNats;
let recorder: NatsLink;
let config: NotifierConfig;
let notifier: RunningService;
let client: Client;

beforeAll(async () => {
  nats = await startTestNats();
  recorder = await NatsLink.connect(nats.url, 'recorder', log);
  await provision(recorder.connection, 'installation-1');
  const PORT = await freePort();
  config = { LOG_LEVEL: 'error', NATS_URL: nats.url, ACCESS_TOKEN, HOST: '127.0.0.1', PORT, ALLOWED_ORIGINS: [] };
  notifier = await startNotifier(config, log);
});

afterEach(() => {
  client.disconnect();
});

afterAll(async () => {
  await notifier.close();
  await recorder.close();
  await nats.stop();
});

/** Publishes a commit like the recorder: cell 0 of row `to` is done. */
async function commit(batch: number, from: number, to: number): Promise<void> {
  const runs = { waiting: 0, running: 1, done: 0, failed: 0, cancelled: 0 };
  const summary: BatchSummary = {
    batch,
    version: to,
    name: 'Evening news',
    state: 'running',
    runs,
    stages: [],
    sentence: `Batch ${batch}: shots 50 %`,
    errors: [],
  };
  const cells = packCells([{ row: to, index: 0, state: 'done' }], STAGES);
  recorder.connection.publish(liveSubject(batch), encodeBody({ v: 1, batch, from, to, summary }, cells));
  await recorder.connection.flush();
}

function connect(port = config.PORT): Client {
  client = io(`http://127.0.0.1:${port}`, {
    extraHeaders: { authorization: `Bearer ${ACCESS_TOKEN}` },
    transports: ['websocket'],
    forceNew: true,
  });
  return client;
}

const subscribe = (batch: number, since: number): Promise<SubscribeAnswer> =>
  connect().emitWithAck('subscribe', { topic: `batch:${batch}`, since });

/** Subscribes until the notifier knows the version. */
const knows = (batch: number, version: number) =>
  waitFor(
    async () => {
      const answer = await client.emitWithAck('subscribe', { topic: `batch:${batch}`, since: version });
      return answer.version === version;
    },
    { what: `Version ${version} of batch ${batch} at the notifier` },
  );

describe('a notifier that follows LIVE', () => {
  it('forwards commits and the progress that apps report', async () => {
    await subscribe(1, 0);
    const cells = new Promise((resolve) => client.once('cells', resolve));
    const progress = new Promise((resolve) => client.once('progress', resolve));
    await commit(1, 0, 1);
    recorder.connection.publish(
      progressSubject({ batch: 1, run: 17, index: 1 }),
      JSON.stringify({ row: 4, percent: 40 }),
    );
    expect(await cells).toMatchObject({ topic: 'batch:1', from: 0, to: 1 });
    expect(await progress).toEqual({ topic: 'batch:1', run: 17, row: 4, index: 1, percent: 40 });
  });

  it('has earlier commits after a restart', async () => {
    await commit(2, 0, 1);
    await commit(2, 1, 2);
    await notifier.close();
    notifier = await startNotifier(config, log);
    connect();
    await knows(2, 2);
    const cells = new Promise((resolve) => client.once('cells', resolve));
    const answer = await client.emitWithAck('subscribe', { topic: 'batch:2', since: 0 });
    expect(answer).toEqual({ ok: true, version: 2, gap: false });
    expect(await cells).toMatchObject({ from: 0, to: 2 });
  });

  it('reports a gap after LIVE was lost with its server, and continues with new commits', async () => {
    await commit(3, 0, 1);
    connect();
    await knows(3, 1);
    await nats.restart();
    await waitFor(() => recorder.isConnected(), { what: 'The connection of the recorder' });
    await provision(recorder.connection, 'installation-1');
    await waitFor(
      async () => {
        await commit(3, 4, 5);
        const answer = await client.emitWithAck('subscribe', { topic: 'batch:3', since: 1 });
        return answer.version === 5 && answer.gap;
      },
      { what: 'The gap after the lost versions' },
    );
    // Commits of earlier attempts may still arrive.
    const cells = new Promise((resolve) =>
      client.on('cells', (message: { to: number }) => message.to === 6 && resolve(message)),
    );
    await commit(3, 5, 6);
    expect(await cells).toMatchObject({ topic: 'batch:3', to: 6 });
  });
});

describe('a notifier whose clock is set by an hour', () => {
  const MAIN = join('dist', 'services', 'notifier', 'src', 'main.js');
  let clock: FakeClock | null;
  let child: ChildProcess | undefined;

  afterAll(async () => {
    child?.kill('SIGKILL');
    if (child) await once(child, 'exit');
    await clock?.close();
  });

  it('back or forward continues to send commits, and those that a new client has missed', async () => {
    clock = await fakeClock();
    if (!clock) return;
    const port = await freePort();
    const settings = { NATS_URL: nats.url, ACCESS_TOKEN, HOST: '127.0.0.1', PORT: `${port}`, LOG_LEVEL: 'error' };
    const env = { ...settings, ...clock.environment };
    child = fork(MAIN, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(child, 'message');
    const versions: number[] = [];
    connect(port).on('cells', ({ to }) => versions.push(to));
    await client.emitWithAck('subscribe', { topic: 'batch:4', since: 0 });
    const jumps = [0, -3600, 3600];
    for (const [index, jump] of jumps.entries()) {
      await clock.set(jump);
      await commit(4, index, index + 1);
      await waitFor(() => versions.includes(index + 1), { what: `Version ${index + 1}` });
    }
    client.disconnect();
    connect(port);
    const cells = new Promise((resolve) => client.once('cells', resolve));
    const answer = await client.emitWithAck('subscribe', { topic: 'batch:4', since: 0 });
    expect(answer).toEqual({ ok: true, version: jumps.length, gap: false });
    expect(await cells).toMatchObject({ from: 0, to: jumps.length });
  });
});
