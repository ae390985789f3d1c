import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ConsumerInfo, headers, type JetStreamManager } from 'nats';
import { appConsumer, stageSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { readClocks } from '../src/consume/clocks.js';
import type { Delivery } from '../src/consume/delivery.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision, provisionApp } from '../src/provision/provision.js';
import { SlotConsumer } from '../src/consume/slot-consumer.js';
import { SuspensionWatch } from '../src/consume/suspension-watch.js';

const STAGES = STREAMS.stages.name;
const APP = 'shots_v1';
const MINUTE = 60_000;
const SLOW = 30_000;

let nats: TestNats;
let links: NatsLink[];
let suspensions: SuspensionWatch;
let manager: JetStreamManager;
let consumers: SlotConsumer[];

const connect = async () => {
  const link = await NatsLink.connect(nats.url, 'test', createLogger('test', 'silent'));
  links.push(link);
  return link;
};
const first = () => links[0]!;

beforeEach(async () => {
  nats = await startTestNats();
  links = [];
  consumers = [];
  suspensions = new SuspensionWatch();
  const { connection } = await connect();
  manager = await connection.jetstreamManager();
  await provision(connection, 'here');
  await provisionApp(connection, APP, { concurrency: 100, ackWait: 60 });
});

afterEach(async () => {
  consumers.forEach((consumer) => consumer.stop());
  suspensions.close();
  await Promise.all(links.map((link) => link.close()));
  await nats.stop();
});

async function publish(from: number, to: number): Promise<void> {
  for (let run = from; run <= to; run += 1)
    await first().publisher.publish(stageSubject(APP, { batch: 1, run, index: 0 }), Buffer.from(String(run)));
}

const text = ({ body }: Delivery) => Buffer.from(body).toString();
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));
const info = (): Promise<ConsumerInfo> => manager.consumers.info(STAGES, appConsumer(APP));
const sorted = (list: readonly string[]) => list.toSorted((a, b) => Number(a) - Number(b));

function start(slots: number, handle: (delivery: Delivery) => Promise<void>, link = first()): SlotConsumer {
  const consumer = new SlotConsumer(link, suspensions, {
    stream: STAGES,
    consumer: appConsumer(APP),
    slots,
    handle,
  });
  consumers.push(consumer);
  link.onReconnect(() => consumer.restart());
  return consumer;
}

/** Starts a consumer that holds each message until `finish` is called. */
function startHolding(slots: number, link = first()) {
  const held: Delivery[] = [];
  const finishers: (() => void)[] = [];
  const handle = (delivery: Delivery) => {
    held.push(delivery);
    return new Promise<void>((resolve) => finishers.push(resolve));
  };
  return { consumer: start(slots, handle, link), held, finish: () => finishers.shift()?.() };
}

/** Starts a consumer that acknowledges everything immediately. */
function startDone(slots: number, link = first()) {
  const done: string[] = [];
  const handle = (delivery: Delivery) => {
    done.push(text(delivery));
    delivery.ack();
    return Promise.resolve();
  };
  return { consumer: start(slots, handle, link), done };
}

describe(SlotConsumer, () => {
  it('holds one message per slot and requests no more', async () => {
    await publish(1, 9);
    const { held, finish } = startHolding(3);
    await waitFor(() => held.length === 3);
    expect(await info()).toMatchObject({ num_ack_pending: 3, num_waiting: 0, num_pending: 6 });
    held[0]!.ack();
    finish();
    await waitFor(() => held.length === 4);
    expect(await info()).toMatchObject({ num_ack_pending: 3, num_waiting: 0, num_pending: 5 });
    expect(held.map(text)).toEqual(numbers(1, 4));
  });

  it('handles at most one message per slot at once, and each message once', async () => {
    let now = 0;
    let most = 0;
    const done: string[] = [];
    await publish(1, 60);
    start(4, async (delivery) => {
      most = Math.max(most, (now += 1));
      await first().connection.flush();
      done.push(text(delivery));
      delivery.ack();
      now -= 1;
    });
    await waitFor(() => done.length >= 60);
    expect(most).toBe(4);
    expect(sorted(done)).toEqual(numbers(1, 60));
  });

  it('continues with more or fewer slots, and keeps the messages it holds', async () => {
    await publish(1, 9);
    const { consumer, held, finish } = startHolding(1);
    await waitFor(() => held.length === 1);
    consumer.resize(3);
    await waitFor(() => held.length === 3);
    consumer.resize(1);
    for (const delivery of held) delivery.ack();
    finish();
    finish();
    await waitFor(async () => (await info()).num_ack_pending === 0);
    expect(held).toHaveLength(3);
    finish();
    await waitFor(() => held.length === 4);
  });

  it('requests nothing without slots', async () => {
    const { consumer, held } = startHolding(2);
    await waitFor(async () => (await info()).num_waiting > 0);
    consumer.resize(0);
    await waitFor(async () => (await info()).num_waiting === 0);
    await publish(1, 1);
    expect(await info()).toMatchObject({ num_pending: 1, num_ack_pending: 0 });
    expect(held).toEqual([]);
  });

  it('shares messages with a second process', async () => {
    const one = startHolding(2);
    const two = startHolding(2, await connect());
    await publish(1, 6);
    await waitFor(() => one.held.length + two.held.length === 4);
    expect(one.held).toHaveLength(2);
    expect(sorted([...one.held, ...two.held].map(text))).toEqual(numbers(1, 4));
  });

  it(
    'does not handle a message in progress a second time, and acknowledges it with the newest handle',
    async () => {
      await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 1 });
      await publish(1, 1);
      const { held } = startHolding(2);
      await waitFor(async () => (await info()).num_redelivered > 0, { within: SLOW });
      await publish(2, 2);
      await waitFor(() => held.some((delivery) => text(delivery) === '2'));
      expect(held.map(text)).toEqual(['1', '2']);
      held.forEach((delivery) => delivery.ack());
      await waitFor(async () => (await info()).num_ack_pending === 0);
    },
    SLOW,
  );

  it(
    'prevents redelivery of a message that it reports as in progress',
    async () => {
      await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 1 });
      await publish(1, 2);
      const { held } = startHolding(2);
      await waitFor(() => held.length === 2);
      const other = startHolding(2, await connect());
      const reportWorking = () => held[0]!.working();
      await waitFor(() => (reportWorking(), other.held.length > 0), { within: SLOW });
      expect(other.held.map(text)).toEqual(['2']);
    },
    SLOW,
  );

  it(
    'leaves a message that its handler rejects to redelivery',
    async () => {
      await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 1 });
      await publish(1, 1);
      const deliveries: number[] = [];
      start(1, (delivery) => {
        deliveries.push(delivery.info.deliveries);
        if (deliveries.length === 1) return Promise.reject(new Error('not now'));
        delivery.ack();
        return Promise.resolve();
      });
      await waitFor(() => deliveries.length === 2, { within: SLOW });
      expect(deliveries).toEqual([1, 2]);
    },
    SLOW,
  );

  it(
    'delays no message for an ack wait when it restarts while messages stream in',
    async () => {
      const { consumer, done } = startDone(8);
      for (let run = 1; run <= 200; run += 1) {
        await publish(run, run);
        if (run % 10 === 0) consumer.restart();
      }
      await waitFor(() => new Set(done).size === 200);
    },
    SLOW,
  );

  it(
    'leaves messages that arrive after its stop to others immediately',
    async () => {
      const leaving = startDone(8);
      const publishing = publish(1, 200);
      await waitFor(() => leaving.done.length > 20);
      leaving.consumer.stop();
      const staying = startDone(8, await connect());
      await publishing;
      await waitFor(() => new Set([...leaving.done, ...staying.done]).size === 200);
      expect(leaving.done.length).toBeLessThan(200);
    },
    SLOW,
  );

  it(
    'requests messages again when a pull request was lost',
    async () => {
      const link = await connect();
      const { outbox } = link;
      const lost: string[] = [];
      const lossy = new Proxy(outbox, {
        get: (target, name: keyof typeof outbox) =>
          name === 'publish' && lost.length === 0
            ? (subject: string) => lost.push(subject)
            : target[name].bind(target as never),
      });
      Object.defineProperty(link, 'outbox', { value: lossy });
      const { done } = startDone(2, link);
      await publish(1, 1);
      await waitFor(() => done.length === 1, { within: SLOW });
      expect(lost).toEqual([expect.stringContaining('$JS.API.CONSUMER.MSG.NEXT')]);
    },
    SLOW,
  );

  it('returns a message to the queue immediately', async () => {
    await publish(1, 1);
    const { consumer, held } = startHolding(1);
    await waitFor(() => held.length === 1);
    consumer.stop();
    for (const delivery of consumer.held()) delivery.returnToQueue();
    const { done } = startDone(1, await connect());
    await waitFor(() => done.length === 1);
  });

  it('reads a header, and undefined for a missing one', async () => {
    const given = headers();
    given.set('Chowda-Lineage', '3.new');
    first().connection.publish(stageSubject(APP, { batch: 1, run: 1, index: 0 }), '1', { headers: given });
    const { held } = startHolding(1);
    await waitFor(() => held.length === 1);
    expect([held[0]!.header('Chowda-Lineage'), held[0]!.header('Chowda-Guid')]).toEqual(['3.new', undefined]);
  });

  it('waits for a consumer that does not exist yet', async () => {
    await manager.consumers.delete(STAGES, appConsumer(APP));
    const { done } = startDone(2);
    await publish(1, 1);
    await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 60 });
    await waitFor(() => done.length === 1);
  });
});

describe('a delivery that may be settled', () => {
  /** Starts a consumer as if it had started two minutes ago, so that only the test itself causes distrust. */
  function startLongAgo(link = first()) {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() - 2 * MINUTE);
    const started = startHolding(20, link);
    clock.mockRestore();
    return started;
  }
  const marks = (held: readonly Delivery[]) => held.map((delivery) => `${text(delivery)} ${delivery.mayBeSettled}`);

  it('is not a first delivery from a server without interruption', async () => {
    const { held } = startLongAgo();
    await publish(1, 2);
    await waitFor(() => held.length === 2);
    expect(marks(held)).toEqual(['1 false', '2 false']);
  });

  it('is every delivery to a process that has just started', async () => {
    const { held } = startHolding(20);
    await publish(1, 1);
    await waitFor(() => held.length === 1);
    expect(marks(held)).toEqual(['1 true']);
  });

  it('is every delivery after the consumer was recreated, even in a process that had none before', async () => {
    const { held } = startLongAgo();
    const idle = startLongAgo(await connect());
    idle.consumer.resize(1);
    await publish(1, 3);
    await waitFor(() => held.length + idle.held.length === 3);
    await manager.consumers.delete(STAGES, appConsumer(APP));
    await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 60 });
    await publish(4, 6);
    const isMarked = (delivery: Delivery) => delivery.info.consumerSequence > 0 && delivery.mayBeSettled;
    await waitFor(() => [...held, ...idle.held].some((delivery) => text(delivery) === '6'));
    const later = [...held, ...idle.held].filter((delivery) => Number(text(delivery)) > 3);
    expect(later.length).toBeGreaterThan(0);
    expect(later.every(isMarked)).toBe(true);
  });

  it('is every delivery after the server was killed', async () => {
    const { held } = startLongAgo();
    await publish(1, 1);
    await waitFor(() => held.length === 1);
    await nats.restart();
    await waitFor(() => first().isConnected());
    await publish(2, 2);
    await waitFor(() => held.some((delivery) => text(delivery) === '2'));
    expect(marks(held)).toEqual(['1 false', '2 true']);
  });

  it('is every delivery after the process was suspended', async () => {
    const { held } = startLongAgo();
    await publish(1, 1);
    await waitFor(() => held.length === 1);
    const { monotonic, wall } = readClocks();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(monotonic + 1500);
    suspensions.wasSuspended({ monotonic: monotonic + 1500, wall: wall + 1500 });
    await publish(2, 2);
    await waitFor(() => held.length === 2);
    clock.mockRestore();
    expect(marks(held)).toEqual(['1 false', '2 true']);
  });
});
