import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ConsumerInfo, headers, type JetStreamManager } from 'nats';
import { appConsumer, stageSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import type { Delivery } from '../src/delivery.js';
import { NatsLink } from '../src/nats-link.js';
import { provision, provisionApp } from '../src/provision.js';
import { SlotConsumer } from '../src/slot-consumer.js';
import { StallWatch } from '../src/stall-watch.js';

const STAGES = STREAMS.stages.name;
const APP = 'shots_v1';
const MINUTE = 60_000;
const SLOW = 30_000;

let nats: TestNats;
let links: NatsLink[];
let stalls: StallWatch;
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
  stalls = new StallWatch();
  const { connection } = await connect();
  manager = await connection.jetstreamManager();
  await provision(connection, 'here');
  await provisionApp(connection, APP, { concurrency: 100, ackWait: 60 });
});

afterEach(async () => {
  consumers.forEach((consumer) => consumer.stop());
  stalls.close();
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
  const consumer = new SlotConsumer(link, stalls, {
    stream: STAGES,
    consumer: appConsumer(APP),
    slots,
    handle,
  });
  consumers.push(consumer);
  link.onReconnect(() => consumer.restart());
  return consumer;
}

/** Starts a consumer that holds what it gets until it is told to go on. */
function startHolding(slots: number, link = first()) {
  const held: Delivery[] = [];
  const goOn: (() => void)[] = [];
  const handle = (delivery: Delivery) => {
    held.push(delivery);
    return new Promise<void>((resolve) => goOn.push(resolve));
  };
  return { consumer: start(slots, handle, link), held, finish: () => goOn.shift()?.() };
}

/** Starts a consumer that acknowledges everything at once. */
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
  it('holds as many as it has slots, and asks for nothing beyond them', async () => {
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

  it('never handles more at once than it has slots, and everything once', async () => {
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

  it('goes on with more slots or fewer, without letting go of what it holds', async () => {
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

  it('asks for nothing with no slots', async () => {
    const { consumer, held } = startHolding(2);
    await waitFor(async () => (await info()).num_waiting > 0);
    consumer.resize(0);
    await waitFor(async () => (await info()).num_waiting === 0);
    await publish(1, 1);
    expect(await info()).toMatchObject({ num_pending: 1, num_ack_pending: 0 });
    expect(held).toEqual([]);
  });

  it('shares with a second process', async () => {
    const one = startHolding(2);
    const two = startHolding(2, await connect());
    await publish(1, 6);
    await waitFor(() => one.held.length + two.held.length === 4);
    expect(one.held).toHaveLength(2);
    expect(sorted([...one.held, ...two.held].map(text))).toEqual(numbers(1, 4));
  });

  it(
    'does not handle again what it is still working on, and acknowledges it by the newest handle',
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
    'keeps a message from being handed over again while it says that it is working',
    async () => {
      await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 1 });
      await publish(1, 2);
      const { held } = startHolding(2);
      await waitFor(() => held.length === 2);
      const other = startHolding(2, await connect());
      const saysWorking = () => held[0]!.working();
      await waitFor(() => (saysWorking(), other.held.length > 0), { within: SLOW });
      expect(other.held.map(text)).toEqual(['2']);
    },
    SLOW,
  );

  it(
    'lets the broker hand over again what its handler rejects',
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
    'loses nothing for the length of an ack wait when it asks anew while messages stream in',
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
    'leaves to others at once what comes after its stop',
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

  it('gives back at once what it is asked to give back', async () => {
    await publish(1, 1);
    const { consumer, held } = startHolding(1);
    await waitFor(() => held.length === 1);
    consumer.stop();
    for (const delivery of consumer.held()) delivery.giveBack();
    const { done } = startDone(1, await connect());
    await waitFor(() => done.length === 1);
  });

  it('reads a header, and nothing where there is none', async () => {
    const given = headers();
    given.set('Chowda-Lineage', '3.new');
    first().connection.publish(stageSubject(APP, { batch: 1, run: 1, index: 0 }), '1', { headers: given });
    const { held } = startHolding(1);
    await waitFor(() => held.length === 1);
    expect([held[0]!.header('Chowda-Lineage'), held[0]!.header('Chowda-Guid')]).toEqual(['3.new', undefined]);
  });

  it('waits for a consumer that is not there yet', async () => {
    await manager.consumers.delete(STAGES, appConsumer(APP));
    const { done } = startDone(2);
    await publish(1, 1);
    await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 60 });
    await waitFor(() => done.length === 1);
  });
});

describe('a delivery that may be settled', () => {
  /** Starts a consumer as if it had begun two minutes ago, so that only what a test does is suspicious. */
  function startLongAgo(link = first()) {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 2 * MINUTE);
    const started = startHolding(20, link);
    clock.mockRestore();
    return started;
  }
  const told = (held: readonly Delivery[]) => held.map((delivery) => `${text(delivery)} ${delivery.mayBeSettled}`);

  it('is none of those that are handed over first by a steady server', async () => {
    const { held } = startLongAgo();
    await publish(1, 2);
    await waitFor(() => held.length === 2);
    expect(told(held)).toEqual(['1 false', '2 false']);
  });

  it('is every one of a process that has just begun', async () => {
    const { held } = startHolding(20);
    await publish(1, 1);
    await waitFor(() => held.length === 1);
    expect(told(held)).toEqual(['1 true']);
  });

  it('is every one after the consumer was made again, also in a process that had none of them', async () => {
    const { held } = startLongAgo();
    const idle = startLongAgo(await connect());
    idle.consumer.resize(1);
    await publish(1, 3);
    await waitFor(() => held.length + idle.held.length === 3);
    await manager.consumers.delete(STAGES, appConsumer(APP));
    await provisionApp(first().connection, APP, { concurrency: 100, ackWait: 60 });
    await publish(4, 6);
    const isAgain = (delivery: Delivery) => delivery.info.consumerSequence > 0 && delivery.mayBeSettled;
    await waitFor(() => [...held, ...idle.held].some((delivery) => text(delivery) === '6'));
    const later = [...held, ...idle.held].filter((delivery) => Number(text(delivery)) > 3);
    expect(later.length).toBeGreaterThan(0);
    expect(later.every(isAgain)).toBe(true);
  });

  it('is every one after the server was killed', async () => {
    const { held } = startLongAgo();
    await publish(1, 1);
    await waitFor(() => held.length === 1);
    await nats.restart();
    await waitFor(() => first().isConnected());
    await publish(2, 2);
    await waitFor(() => held.some((delivery) => text(delivery) === '2'));
    expect(told(held)).toEqual(['1 false', '2 true']);
  });

  it('is every one after the process stood still', async () => {
    const { held } = startLongAgo();
    await publish(1, 1);
    await waitFor(() => held.length === 1);
    const ahead = Date.now() + 1500;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(ahead);
    stalls.stalled(ahead);
    await publish(2, 2);
    await waitFor(() => held.length === 2);
    clock.mockRestore();
    expect(told(held)).toEqual(['1 false', '2 true']);
  });
});
