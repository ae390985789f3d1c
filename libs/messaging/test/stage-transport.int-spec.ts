import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JetStreamManager } from 'nats';
import { type AppControl, appConsumer, stageSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import type { Control } from '../src/control/control.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision, provisionApp } from '../src/provision/provision.js';
import { type StageMessage, StageTransport } from '../src/transports/stage-transport.js';
import { appControl } from './app-control.js';

const STAGES = STREAMS.stages.name;
const SLOW = 30_000;
const logger = createLogger('test', 'silent');

let nats: TestNats;
let link: NatsLink;
let control: Control;
let manager: JetStreamManager;
let transports: StageTransport[];

beforeEach(async () => {
  nats = await startTestNats();
  link = await NatsLink.connect(nats.url, 'test', logger);
  manager = await link.connection.jetstreamManager();
  transports = [];
});

afterEach(async () => {
  await Promise.all(transports.map((transport) => transport.close()));
  await link.close();
  await nats.stop();
});

const prepare = async () => {
  control = await provision(link.connection, 'here');
};

async function register(slug: string, change: Partial<AppControl> = {}): Promise<void> {
  const app = appControl(slug, { ackWait: 2, ...change });
  await provisionApp(link.connection, slug, app);
  await control.putApp(app);
}

const publish = (slug: string, run: number) =>
  link.publisher.publish(stageSubject(slug, { batch: 1, run, index: 0 }), Buffer.from(String(run)));

/** Starts a transport whose handler holds every message until `finish` is called. */
function start(only: readonly string[] = []) {
  const transport = new StageTransport(link, logger, { worker: 'w1', apps: only });
  transports.push(transport);
  const held: StageMessage[] = [];
  const finishers: (() => void)[] = [];
  transport.addHandler('stage', async (message: StageMessage) => {
    held.push(message);
    await new Promise<void>((resolve) => finishers.push(resolve));
    message.delivery.ack();
  });
  transport.listen(() => undefined);
  const finish = () => finishers.splice(0).forEach((finishOne) => finishOne());
  return { transport, held, runs: () => held.map(({ delivery }) => Buffer.from(delivery.body).toString()), finish };
}

const info = (slug: string) => manager.consumers.info(STAGES, appConsumer(slug));

/** Waits until an unhandled message is delivered again: longer than the ack wait. */
async function untilAckWaitIsOver(): Promise<void> {
  await provisionApp(link.connection, 'left_v1', { concurrency: 1, ackWait: 2 });
  await publish('left_v1', 1);
  const left = await link.connection.jetstream().consumers.get(STAGES, appConsumer('left_v1'));
  await left.next();
  expect((await left.next({ expires: SLOW }))?.redelivered).toBe(true);
}

describe(StageTransport, () => {
  it('waits for the control bucket, and serves each app from its registration on', async () => {
    const { held, runs, finish } = start();
    await prepare();
    await register('shots_v1');
    await publish('shots_v1', 1);
    await waitFor(() => held.length === 1);
    await register('text_v1', { url: 'http://127.0.0.1:5001' });
    await publish('text_v1', 2);
    await waitFor(() => held.length === 2);
    expect(runs()).toEqual(['1', '2']);
    expect(held.map(({ app }) => app.url)).toEqual(['http://127.0.0.1:5000', 'http://127.0.0.1:5001']);
    finish();
  });

  it('serves only the apps that it is configured for', async () => {
    await prepare();
    await register('shots_v1');
    await register('text_v1');
    await Promise.all([publish('shots_v1', 1), publish('text_v1', 2)]);
    const { held, runs, finish } = start(['text_v1']);
    await waitFor(() => held.length === 1);
    expect(runs()).toEqual(['2']);
    expect(await info('shots_v1')).toMatchObject({ num_pending: 1, num_waiting: 0 });
    finish();
  });

  it('uses the current settings of an app, and takes no stage of a paused app', async () => {
    await prepare();
    await register('shots_v1', { paused: true });
    await publish('shots_v1', 1);
    await register('text_v1');
    await publish('text_v1', 2);
    const { held, runs, finish } = start();
    await waitFor(() => held.length === 1);
    expect(runs()).toEqual(['2']);
    await register('shots_v1', { url: 'http://127.0.0.1:5009' });
    await waitFor(() => held.length === 2);
    expect(held[1]!.app.url).toBe('http://127.0.0.1:5009');
    finish();
  });

  it(
    'keeps messages for longer than the ack wait, even when the concurrency changes meanwhile',
    async () => {
      await prepare();
      await register('shots_v1', { concurrency: 1 });
      await Promise.all([1, 2, 3].map((run) => publish('shots_v1', run)));
      const { held, runs, finish } = start();
      await waitFor(() => held.length === 1);
      await register('shots_v1', { concurrency: 2 });
      await waitFor(() => held.length === 2);
      await untilAckWaitIsOver();
      expect(await info('shots_v1')).toMatchObject({ num_ack_pending: 2, num_redelivered: 0 });
      expect(runs()).toEqual(['1', '2']);
      finish();
    },
    SLOW,
  );

  it(
    'serves an app that is registered after the server was killed',
    async () => {
      await prepare();
      await register('shots_v1');
      await publish('shots_v1', 1);
      const { held, runs, finish } = start();
      await waitFor(() => held.length === 1);
      await nats.restart();
      await waitFor(() => link.isConnected());
      await register('text_v1');
      await publish('text_v1', 2);
      await waitFor(() => held.length === 2);
      expect(runs()).toEqual(['1', '2']);
      finish();
    },
    SLOW,
  );

  it('finishes messages in flight when it closes, and takes no others', async () => {
    await prepare();
    await register('shots_v1');
    await Promise.all([1, 2].map((run) => publish('shots_v1', run)));
    const { transport, held, finish } = start();
    await waitFor(() => held.length === 1);
    const closed = transport.close();
    finish();
    await closed;
    await waitFor(async () => (await info('shots_v1')).num_ack_pending === 0);
    expect(held).toHaveLength(1);
    expect(await info('shots_v1')).toMatchObject({ num_pending: 1, num_redelivered: 0 });
  });

  it(
    'returns unfinished messages to the queue immediately when it closes',
    async () => {
      await prepare();
      await register('shots_v1', { ackWait: 60 });
      await publish('shots_v1', 1);
      const leaving = start();
      await waitFor(() => leaving.held.length === 1);
      const staying = start();
      await leaving.transport.close();
      await waitFor(() => staying.held.length === 1);
      expect(staying.held[0]!.delivery.info.deliveries).toBe(2);
      leaving.finish();
      staying.finish();
    },
    SLOW,
  );

  it('does not start without a handler', async () => {
    const error = await new Promise((callback) =>
      new StageTransport(link, logger, { worker: 'w1', apps: [] }).listen(callback),
    );
    expect(String(error)).toContain("No controller handles 'stage'");
  });
});
