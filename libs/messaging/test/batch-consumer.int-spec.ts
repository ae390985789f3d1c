import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JetStreamManager } from 'nats';
import { RECORDER_CONSUMER, settledSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { BatchConsumer, type BatchMessage } from '../src/consume/batch-consumer.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision } from '../src/provision/provision.js';

const EVENTS = STREAMS.events.name;
const SECOND = 1000;

let nats: TestNats;
let link: NatsLink;
let manager: JetStreamManager;
let consumers: BatchConsumer[];
/** Texts of the batches that were handled, in order. */
let batches: string[][];

beforeEach(async () => {
  nats = await startTestNats();
  link = await NatsLink.connect(nats.url, 'test', createLogger('test', 'silent'));
  await provision(link.connection, 'here');
  manager = await link.connection.jetstreamManager();
  consumers = [];
  batches = [];
});

afterEach(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await link.close();
  await nats.stop();
});

const event = (number: number) =>
  link.publisher.publish(settledSubject({ batch: 1, run: number, index: 0 }), Buffer.from(String(number)));
const publish = async (from: number, to: number) => {
  for (let number = from; number <= to; number += 1) await event(number);
};
const texts = (batch: readonly BatchMessage[]) => batch.map(({ body }) => Buffer.from(body).toString());
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));
const handled = () => batches.flat();
const untilHandled = (last: number) =>
  waitFor(() => handled().includes(String(last)), { what: `Event ${last} among ${handled().join(' ')}` });
const position = () => manager.consumers.info(EVENTS, RECORDER_CONSUMER);

const note = (batch: readonly BatchMessage[]) => {
  batches.push(texts(batch));
  return Promise.resolve();
};

function start(handle: (batch: readonly BatchMessage[]) => Promise<void> = note, batchSize = 4): BatchConsumer {
  const consumer = new BatchConsumer(link, {
    stream: EVENTS,
    consumer: RECORDER_CONSUMER,
    batchSize,
    handle,
    onError: () => undefined,
  });
  consumers.push(consumer);
  link.onReconnect(() => consumer.restart());
  return consumer;
}

/** Takes messages from the durable like a process that is killed before it handles them. */
async function takeAway(count: number): Promise<void> {
  const durable = await link.connection.jetstream().consumers.get(EVENTS, RECORDER_CONSUMER);
  const taken = await durable.fetch({ max_messages: count, expires: SECOND });
  let left = count;
  for await (const _ of taken) if ((left -= 1) === 0) break;
}

describe(BatchConsumer, () => {
  it('passes everything on once and in order, with one acknowledgement per batch', async () => {
    await publish(1, 30);
    const acks: string[] = [];
    link.connection.subscribe(`$JS.ACK.${EVENTS}.>`, { callback: (_, { subject }) => acks.push(subject) });
    start();
    await untilHandled(30);
    expect(handled()).toEqual(numbers(1, 30));
    expect(batches.every((batch) => batch.length <= 4)).toBe(true);
    await waitFor(async () => (await position()).ack_floor.stream_seq === 30);
    expect(acks).toHaveLength(batches.length);
  });

  it('repeats a batch until it is handled, before any later message', async () => {
    await publish(1, 3);
    const tries: string[][] = [];
    start((batch) => {
      tries.push(texts(batch));
      return tries.length < 3 ? Promise.reject(new Error('the database is unavailable')) : note(batch);
    }, 3);
    await publish(4, 6);
    await untilHandled(6);
    expect(tries.slice(0, 3)).toEqual([tries[0], tries[0], tries[0]]);
    expect(handled()).toEqual(numbers(1, 6));
  });

  it('continues immediately with messages that a killed process had taken, before newer ones', async () => {
    await publish(1, 5);
    await takeAway(3);
    start();
    await untilHandled(5);
    expect(handled()).toEqual(numbers(1, 5));
  });

  it('continues immediately with messages that a killed process had taken when no newer ones arrive', async () => {
    await publish(1, 3);
    await takeAway(3);
    start();
    await untilHandled(3);
    expect(handled()).toEqual(numbers(1, 3));
  });

  it('does not wait for deleted messages', async () => {
    await publish(1, 5);
    await manager.streams.deleteMessage(EVENTS, 2, false);
    await manager.streams.deleteMessage(EVENTS, 4, false);
    await takeAway(2);
    start();
    await untilHandled(5);
    expect(handled()).toEqual(['1', '3', '5']);
  });

  it('passes messages on without gaps beside another consumer that has not stopped yet', async () => {
    const byOther: string[] = [];
    start();
    start((batch) => {
      byOther.push(...texts(batch));
      return Promise.resolve();
    });
    await publish(1, 40);
    await waitFor(() => handled().includes('40') || byOther.includes('40'));
    expect(byOther).toEqual(numbers(1, byOther.length));
    expect(handled()).toEqual(numbers(1, handled().length));
  });

  it('loses nothing when it restarts while events stream in', async () => {
    const consumer = start();
    for (let number = 1; number <= 200; number += 1) {
      await event(number);
      if (number % 20 === 0) consumer.restart();
    }
    await untilHandled(200);
    expect([...new Set(handled())]).toEqual(numbers(1, 200));
  });

  it('continues after the server was killed', async () => {
    await publish(1, 3);
    start();
    await untilHandled(3);
    await nats.restart();
    await waitFor(() => link.isConnected());
    await publish(4, 6);
    await untilHandled(6);
    expect([...new Set(handled())]).toEqual(numbers(1, 6));
  });

  it('continues when its consumer or the stream was recreated', async () => {
    await publish(1, 3);
    start();
    await untilHandled(3);
    await manager.consumers.delete(EVENTS, RECORDER_CONSUMER);
    await provision(link.connection, 'here');
    await publish(4, 5);
    await untilHandled(5);
    expect([...new Set(handled())]).toEqual(numbers(1, 5));
    batches = [];
    await manager.streams.delete(EVENTS);
    await provision(link.connection, 'here');
    await publish(6, 7);
    await untilHandled(7);
    expect(handled()).toEqual(numbers(6, 7));
  });

  it('finishes the current batch when it stops, and another consumer continues after it', async () => {
    await publish(1, 6);
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const first = start(async (batch) => {
      await note(batch);
      await gate;
    });
    await waitFor(() => handled().length > 0);
    const stopped = first.stop();
    finish();
    await stopped;
    const byFirst = handled();
    start();
    await untilHandled(6);
    expect(byFirst.length).toBeLessThan(6);
    // The server may report the position of the durable before it has processed the acknowledgement.
    expect([...new Set(handled())]).toEqual(numbers(1, 6));
  });
});
