import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AckPolicy, type JetStreamManager, nanos, StorageType } from 'nats';
import { appConsumer, appKey, CONTROL_BUCKET, RECORDER_CONSUMER, stageSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { consumerFloors } from '../src/streams/stream-info.js';
import { Control } from '../src/control/control.js';
import { ProvisionError } from '../src/errors.js';
import { missingParts } from '../src/provision/missing-parts.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision, provisionApp } from '../src/provision/provision.js';
import { untilAnswered } from '../src/connection/until-answered.js';
import { appControl } from './app-control.js';

const STAGES = STREAMS.stages.name;

let nats: TestNats;
let link: NatsLink;
let other: NatsLink;
let manager: JetStreamManager;

beforeAll(async () => {
  nats = await startTestNats();
  const logger = createLogger('test', 'silent');
  [link, other] = await Promise.all([
    NatsLink.connect(nats.url, 'test', logger),
    NatsLink.connect(nats.url, 'other', logger),
  ]);
  manager = await link.connection.jetstreamManager();
});

afterAll(async () => {
  await Promise.all([link.close(), other.close()]);
  await nats.stop();
});

const streamNames = async () => (await manager.streams.names().next()).toSorted();
const controlBucket = () => link.connection.jetstream().views.kv(CONTROL_BUCKET);

/** Requests of `work` that change something on the server. */
async function changesBy(work: () => Promise<unknown>): Promise<string[]> {
  const changes: string[] = [];
  const subscriptions = ['STREAM.CREATE', 'STREAM.UPDATE', 'CONSUMER.CREATE', 'CONSUMER.DURABLE'].map((verb) =>
    other.connection.subscribe(`$JS.API.${verb}.>`, { callback: (_, { subject }) => changes.push(subject) }),
  );
  await other.connection.flush();
  await work();
  await other.connection.flush();
  subscriptions.forEach((subscription) => subscription.unsubscribe());
  return changes;
}

describe(provision, () => {
  it('creates everything, even when two processes start at once', async () => {
    await Promise.all([provision(link.connection, 'here'), provision(other.connection, 'here')]);
    expect(await streamNames()).toEqual([
      'DEAD',
      'EVENTS',
      'JOBS',
      `KV_${CONTROL_BUCKET}`,
      'LIVE',
      'OBJ_documents',
      'STAGES',
    ]);
    const { config } = await manager.consumers.info(STREAMS.events.name, RECORDER_CONSUMER);
    expect(config.ack_policy).toBe(AckPolicy.All);
  });

  it('changes nothing when all settings are correct', async () => {
    expect(await changesBy(() => provision(link.connection, 'here'))).toEqual([]);
  });

  it('corrects a setting that differs, and keeps the messages', async () => {
    await manager.streams.update(STAGES, { max_age: nanos(1000 * 3600), max_msg_size: 1000 });
    await link.publisher.publish(stageSubject('kept_v1', { batch: 1, run: 1, index: 0 }), Buffer.from('kept'));
    await provision(link.connection, 'here');
    const { config, state } = await manager.streams.info(STAGES);
    expect(config.max_age).toBe(nanos(STREAMS.stages.maxAgeSeconds * 1000));
    expect(config.max_msg_size).toBe(STREAMS.stages.maxMessageBytes);
    expect(state.messages).toBe(1);
  });

  it('names the stream that the server cannot change', async () => {
    await manager.streams.delete('LIVE');
    await manager.streams.add({ name: 'LIVE', subjects: ['live.>'], storage: StorageType.File });
    const refusal = provision(link.connection, 'here');
    await expect(refusal).rejects.toThrow(ProvisionError);
    await expect(refusal).rejects.toThrow(/stream LIVE .*storage.* point NATS_URL at a dedicated server/);
    await manager.streams.delete('LIVE');
  });

  it('reports that a foreign stream has the same subjects', async () => {
    await manager.streams.add({ name: 'THEIRS', subjects: ['live.>'] });
    const refusal = provision(link.connection, 'here');
    await expect(refusal).rejects.toThrow(ProvisionError);
    await expect(refusal).rejects.toThrow(/stream LIVE .*overlap.* Remove the conflicting stream or consumer/);
    await manager.streams.delete('THEIRS');
  });

  it('rejects the server of another installation and leaves it unchanged', async () => {
    const before = await streamNames();
    const attempt = () => provision(link.connection, 'elsewhere').catch((error: unknown) => error);
    let refusal: unknown;
    expect(await changesBy(async () => (refusal = await attempt()))).toEqual([]);
    expect(refusal).toBeInstanceOf(ProvisionError);
    expect((refusal as Error).message).toMatch(/belongs to another Chowda database.*NATS_URL/);
    expect(await streamNames()).toEqual(before);
  });

  it('recreates a lost stream above its old end, so that late acknowledgements hit no message', async () => {
    const APP = 'again_v1';
    const settings = { concurrency: 2, ackWait: 60 };
    const subject = stageSubject(APP, { batch: 1, run: 1, index: 0 });
    await provisionApp(link.connection, APP, settings);
    await link.publisher.publish(subject, Buffer.from('old'));
    const old = await (await link.connection.jetstream().consumers.get(STAGES, appConsumer(APP))).next();
    await manager.streams.delete(STAGES);
    const publishing = untilAnswered(
      () => link.publisher.publish(subject, Buffer.from('new')),
      new AbortController().signal,
    );
    await provision(link.connection, 'here', { lastSequences: new Map([[STAGES, old!.seq]]) });
    await provisionApp(link.connection, APP, settings);
    expect(await publishing).toBeGreaterThan(old!.seq + 1_000_000);
    await (await link.connection.jetstream().consumers.get(STAGES, appConsumer(APP))).next();
    old!.ack();
    await link.connection.flush();
    expect((await manager.consumers.info(STAGES, appConsumer(APP))).num_ack_pending).toBe(1);
  });

  it('completes a stream whose recreation was interrupted by a kill', async () => {
    await manager.streams.delete(STAGES);
    await manager.streams.add({ name: STAGES, subjects: ['chowda-new.STAGES'], max_age: nanos(3600_000) });
    await provision(link.connection, 'here', { lastSequences: new Map([[STAGES, 500]]) });
    const { config, state } = await manager.streams.info(STAGES);
    expect(config.subjects).toEqual(STREAMS.stages.subjects);
    expect(state.last_seq).toBeGreaterThan(500);
    expect(
      await changesBy(() => provision(link.connection, 'here', { lastSequences: new Map([[STAGES, 500]]) })),
    ).toEqual([]);
  });

  it('removes no message from a recreated stream that already has some', async () => {
    await manager.streams.delete(STAGES);
    await provision(link.connection, 'here');
    await link.publisher.publish(stageSubject('kept_v1', { batch: 1, run: 1, index: 0 }), Buffer.from('kept'));
    await provision(link.connection, 'here', { lastSequences: new Map([[STAGES, 500]]) });
    expect((await manager.streams.info(STAGES)).state).toMatchObject({ messages: 1, last_seq: 1 });
  });

  it('gives an unclaimed server to one of two installations that claim it at once', async () => {
    await (await controlBucket()).delete('installation');
    const results = await Promise.allSettled([
      provision(link.connection, 'first'),
      provision(other.connection, 'second'),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await (await controlBucket()).delete('installation');
    await provision(link.connection, 'here');
  });
});

describe(provisionApp, () => {
  const consumer = () => manager.consumers.info(STAGES, appConsumer('whisper_v1'));

  it('creates a consumer for the stages of its app only, even when two processes start at once', async () => {
    const settings = { concurrency: 2, ackWait: 60 };
    await Promise.all([
      provisionApp(link.connection, 'whisper_v1', settings),
      provisionApp(other.connection, 'whisper_v1', settings),
    ]);
    await link.publisher.publish(stageSubject('whisper_v1', { batch: 1, run: 1, index: 0 }), Buffer.from('mine'));
    await link.publisher.publish(stageSubject('whisper_v12', { batch: 1, run: 1, index: 0 }), Buffer.from('theirs'));
    const { config, num_pending: pending } = await consumer();
    expect(config).toMatchObject({ max_ack_pending: 2, ack_wait: nanos(60_000), max_deliver: -1 });
    expect(pending).toBe(1);
  });

  it('changes concurrency and ack wait of an existing consumer, which keeps its position', async () => {
    const message = await (await link.connection.jetstream().consumers.get(STAGES, appConsumer('whisper_v1'))).next();
    await message!.ackAck();
    const settings = { concurrency: 5, ackWait: 2 };
    await provisionApp(link.connection, 'whisper_v1', settings);
    const { config, num_pending: pending, ack_floor: floor } = await consumer();
    expect(config).toMatchObject({ max_ack_pending: 5, ack_wait: nanos(2_000) });
    expect({ pending, acknowledged: floor.stream_seq }).toEqual({ pending: 0, acknowledged: message!.seq });
    expect(await changesBy(() => provisionApp(link.connection, 'whisper_v1', settings))).toEqual([]);
  });

  it('recreates a lost consumer after the acknowledged messages, or at the beginning when none are known', async () => {
    const settings = { concurrency: 5, ackWait: 2 };
    const acknowledged = (await consumerFloors(link.connection, STAGES)).get(appConsumer('whisper_v1'))!;
    await link.publisher.publish(stageSubject('whisper_v1', { batch: 1, run: 2, index: 0 }), Buffer.from('new'));
    const pendingAfter = async (known: number) => {
      await manager.consumers.delete(STAGES, appConsumer('whisper_v1'));
      await provisionApp(link.connection, 'whisper_v1', { ...settings, acknowledged: known });
      return (await consumer()).num_pending;
    };
    expect(await pendingAfter(acknowledged)).toBe(1);
    expect(await pendingAfter(0)).toBe(2);
    // The stream was recreated after these acknowledgements.
    expect(await pendingAfter(1_000_000)).toBe(2);
  });

  it('recreates a consumer on a stream that continues above the acknowledged messages', async () => {
    const acknowledged = (await manager.streams.info(STAGES)).state.last_seq;
    await manager.streams.purge(STAGES, { seq: acknowledged + 1000 });
    await link.publisher.publish(stageSubject('whisper_v1', { batch: 1, run: 3, index: 0 }), Buffer.from('newer'));
    await manager.consumers.delete(STAGES, appConsumer('whisper_v1'));
    await provisionApp(link.connection, 'whisper_v1', { concurrency: 5, ackWait: 2, acknowledged });
    expect((await consumer()).num_pending).toBe(1);
  });
});

describe(missingParts, () => {
  it('names missing parts, and nothing when all exist', async () => {
    await provision(link.connection, 'here');
    await provisionApp(link.connection, 'whisper_v1', { concurrency: 1, ackWait: 60 });
    expect(await missingParts(link.connection, ['whisper_v1'])).toEqual([]);
    await manager.consumers.delete(STREAMS.events.name, RECORDER_CONSUMER);
    await manager.streams.delete('OBJ_documents');
    expect(await missingParts(link.connection, ['whisper_v1', 'text_v1'])).toEqual([
      'OBJ_documents',
      'app-text_v1',
      'recorder',
    ]);
    await manager.streams.delete(STAGES);
    expect(await missingParts(link.connection, ['whisper_v1'])).toEqual([
      STAGES,
      'OBJ_documents',
      'app-whisper_v1',
      'recorder',
    ]);
    await provision(link.connection, 'here');
  });
});

describe(Control, () => {
  it('reports every app and every change until the watch is stopped, and skips invalid entries', async () => {
    const control = await Control.open(link.connection);
    await control.putApp(appControl('shots_v1', { concurrency: 1 }));
    await (await controlBucket()).put(appKey('broken_v1'), '{"no": "app"}');
    const seen: string[] = [];
    const watch = await (
      await Control.open(other.connection)
    ).watchApps(({ slug, concurrency }) => {
      seen.push(`${slug} ${concurrency}`);
    });
    await waitFor(() => seen.includes('shots_v1 1'));
    await control.putApp(appControl('text_v1', { concurrency: 3 }));
    await waitFor(() => seen.includes('text_v1 3'));
    watch.stop();
    await watch.ended;
    await control.putApp(appControl('text_v1', { concurrency: 4 }));
    await link.connection.flush();
    expect(seen).toEqual(['shots_v1 1', 'text_v1 3']);
  });

  it('does not rewrite an unchanged value', async () => {
    const control = await Control.open(link.connection);
    await control.putApp(appControl('same_v1', { concurrency: 1 }));
    const before = await (await controlBucket()).get(appKey('same_v1'));
    await control.putApp(appControl('same_v1', { concurrency: 1 }));
    expect((await (await controlBucket()).get(appKey('same_v1')))?.revision).toBe(before?.revision);
  });

  it('returns the last heartbeat of each worker that has not removed it', async () => {
    const control = await Control.open(link.connection);
    const beat = (worker: string, at: number) =>
      control.putHeartbeat({ v: 1, installation: 'here', worker, at, apps: [], inFlight: [] });
    const workers = ['w1', 'w2', 'w3', 'w4'];
    for (const at of [1, 2]) await Promise.all(workers.map((worker) => beat(worker, at)));
    await control.removeHeartbeat({ worker: 'w2' });
    const beats = await control.heartbeats();
    expect(beats.map(({ worker, at }) => `${worker} ${at}`).toSorted()).toEqual(['w1 2', 'w3 2', 'w4 2']);
  });

  it('keeps the heartbeats of two processes of one worker apart, with their age by the clock of the broker', async () => {
    const control = await Control.open(link.connection);
    const beat = (process: string) =>
      control.putHeartbeat({ v: 1, installation: 'here', worker: 'w9', process, at: 1, apps: [], inFlight: [] });
    await Promise.all([beat('a'), beat('b')]);
    const found = async () => (await control.heartbeats()).filter(({ worker }) => worker === 'w9');
    expect((await found()).map(({ process }) => process ?? '').toSorted()).toEqual(['a', 'b']);
    expect((await (await controlBucket()).get('worker.w9'))?.operation).toBe('PUT');
    await waitFor(async () => (await found()).every(({ age }) => age > 100 && age < 60_000));
    await control.removeHeartbeat({ worker: 'w9', process: 'a' });
    await control.removeHeartbeat({ worker: 'w9', process: 'b' });
    expect(await found()).toEqual([]);
  });

  it('cannot be watched before it is created', async () => {
    await manager.streams.delete(`KV_${CONTROL_BUCKET}`);
    const watching = Control.open(link.connection).then((control) => control.watchApps(() => undefined));
    await expect(watching).rejects.toThrow(/stream not found/);
  });
});
