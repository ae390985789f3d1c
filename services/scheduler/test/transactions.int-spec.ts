import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { askOperator } from '#libs/messaging';
import type { RunningService } from '#libs/runtime';
import { waitFor } from '#libs/testing';
import { eventOf, SchedulerStage } from './scheduler-stage.js';
import { TransactionWatch } from './transaction-watch.js';

const WITHIN = 20_000;
/** The claim of admission publishes what it claims before it commits. */
const CLAIM = /AdmissionRepository\.(admit|transaction \[as admit\])/;
/** Milliseconds that a claim may wait for the broker, and those for its end. */
const LONGEST_CLAIM = 5000 + 2000;

let stage: SchedulerStage;
let scheduler: RunningService;
let watch: TransactionWatch;
beforeAll(async () => {
  stage = await SchedulerStage.open();
  watch = new TransactionWatch(stage.link);
  await stage.registerApp('shots', 2);
  await stage.registerApp('text', 2);
  scheduler = await stage.startScheduler({
    ackWait: 2,
    periods: { reportBlocks: 200, saveProgress: 200, saveDurations: 200 },
  });
}, WITHIN);
afterAll(async () => {
  watch.close();
  await scheduler.close();
  await stage.close();
});

const ask = (verb: 'cancel' | 'hold' | 'pause' | 'replay' | 'resume', request: object) =>
  askOperator(stage.link.connection, verb, { actor: 'kc', ...request } as never, WITHIN);

/** Lets the scheduler admit, record, retry and carry out every command; it sweeps meanwhile. */
async function useEverything(): Promise<void> {
  const batch = await stage.startBatch('watched', 6, ['shots', 'text']);
  const { slip } = await stage.untilStage('shots', batch, 0);
  const output = await stage.link.documents.pack(slip, Buffer.from('{}'));
  await stage.report(eventOf(slip, { kind: 'started' }));
  await stage.report(eventOf(slip, {}, output), output.inline);
  const second = await stage.untilStage('shots', batch, 1);
  await stage.report(eventOf(second.slip, { kind: 'failed', outcome: 'invalid-output', sentence: 'It failed.' }));
  await waitFor(async () => (await stage.states(batch))[1] === 'failed', { within: WITHIN, what: 'A failure' });
  await ask('replay', { batch });
  await ask('pause', { app: 'text' });
  await ask('resume', { app: 'text' });
  await ask('pause', { batch });
  await ask('resume', { batch });
  await ask('hold', { batch, stage: 1 });
  await ask('resume', { batch, stage: 1 });
  await ask('cancel', { batch });
  await waitFor(async () => (await stage.states(batch)).every((state) => state !== 'waiting'), { within: WITHIN });
}

describe('the scheduler in a transaction of Postgres', () => {
  it('sends messages to NATS only in the claim of admission, and connects to no other system', async () => {
    await useEverything();
    expect(watch.found.filter(({ begunBy }) => !CLAIM.test(begunBy))).toEqual([]);
    expect(watch.found.filter(({ kind }) => kind === 'connect')).toEqual([]);
    // Otherwise the watch would see nothing at all.
    expect(watch.found.some(({ kind }) => kind === 'nats')).toBe(true);
    expect(watch.ended.length).toBeGreaterThan(20);
  }, 60_000);

  it('waits for the broker for at most 5 s', async () => {
    const before = watch.ended.length;
    watch.onWork = () => {
      watch.onWork = undefined;
      stage.nats.suspend();
    };
    const batch = await stage.startBatch('stopped', 1, ['shots']);
    try {
      const claims = () => watch.ended.slice(before).filter(({ begunBy }) => CLAIM.test(begunBy));
      await waitFor(() => claims().length > 0, { within: WITHIN, what: 'The end of a claim' });
      expect(claims().filter(({ ms }) => ms > LONGEST_CLAIM)).toEqual([]);
    } finally {
      stage.nats.resume();
    }
    await stage.untilStage('shots', batch, 0);
  }, 60_000);
});

describe('the watch of transactions', () => {
  it('finds a message and a connection in a transaction, and none outside', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const dataSource = await new DataSource({ type: 'postgres', url: stage.database.url }).initialize();
    const known = watch.found.length;
    const misuse = async () => {
      stage.link.connection.publish('test.subject', '');
      await fetch(url).catch(() => undefined);
    };
    try {
      await misuse();
      expect(watch.found).toHaveLength(known);
      await dataSource.transaction(misuse);
      expect(watch.found.slice(known).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['nats', 'connect']));
    } finally {
      await dataSource.destroy();
      server.close();
    }
  });
});
