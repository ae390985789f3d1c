import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appConsumer, stageSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision, provisionApp } from '../src/provision/provision.js';
import { StageTransport } from '../src/transports/stage-transport.js';
import { appControl } from './app-control.js';

/** Seconds. */
const ACK_WAIT = 8;
const INTERRUPTION_MS = 4000;
const INTERRUPTIONS = 4;
const BIG = 50 * 1024 * 1024;
const SLOW = 120_000;
const logger = createLogger('test', 'silent');

let nats: TestNats;
let link: NatsLink;
let transport: StageTransport;
let finish: () => void;

beforeAll(async () => {
  nats = await startTestNats();
  link = await NatsLink.connect(nats.url, 'test', logger);
  const control = await provision(link.connection, 'here');
  const app = appControl('shots_v1', { ackWait: ACK_WAIT });
  await provisionApp(link.connection, 'shots_v1', app);
  await control.putApp(app);
  transport = new StageTransport(link, logger, { worker: 'w1', apps: [] });
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let isHeld = false;
  transport.addHandler('stage', async () => {
    isHeld = true;
    await finished;
  });
  transport.listen(() => undefined);
  await link.publisher.publish(stageSubject('shots_v1', { batch: 1, run: 1, index: 0 }), Buffer.from('1'));
  await waitFor(() => isHeld);
});

afterAll(async () => {
  finish();
  await transport.close();
  await link.close();
  await nats.stop();
});

const redelivered = async () => {
  const manager = await link.connection.jetstreamManager();
  return (await manager.consumers.info(STREAMS.stages.name, appConsumer('shots_v1'))).num_redelivered;
};

/** Blocks the event loop. */
const block = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Resolves when the broker receives the next report that the message is in progress. */
function nextReport(): Promise<void> {
  return new Promise((resolve) => {
    const reports = link.connection.subscribe('$JS.ACK.>', {
      callback: (_, { data }) => {
        if (Buffer.from(data).toString() !== '+WPI') return;
        reports.unsubscribe();
        resolve();
      },
    });
  });
}

/** Interrupts the reports several times, for longer than the ack wait in total. */
async function interruptedBy(interruption: () => unknown): Promise<void> {
  for (let count = 0; count < INTERRUPTIONS; count += 1) {
    await interruption();
    await nextReport();
  }
}

describe('a message that is worked on for longer than the ack wait', () => {
  it(
    'is not delivered again while the event loop is blocked for half of the ack wait again and again',
    async () => {
      await interruptedBy(() => block(INTERRUPTION_MS));
      expect(await redelivered()).toBe(0);
    },
    SLOW,
  );

  it(
    'is not delivered again while documents of 50 MB are stored and read',
    async () => {
      const content = Buffer.alloc(BIG, 'x');
      await interruptedBy(async () => {
        const { ref } = await link.documents.pack({ batch: 1, run: 1, index: 0 }, content);
        await link.documents.open(ref, new Uint8Array());
      });
      expect(await redelivered()).toBe(0);
    },
    SLOW,
  );
});
