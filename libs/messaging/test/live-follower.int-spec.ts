import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BatchSummary, encodeBody, liveSubject, STREAMS } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { LiveFollower } from '../src/consume/live-follower.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision } from '../src/provision/provision.js';
import { type Line, openLine } from './line.js';

let nats: TestNats;
let line: Line;
/** The recorder's link, directly to the server. */
let recorder: NatsLink;
/** The follower's link, over the proxy that tests break. */
let link: NatsLink;
let seen: number[];

beforeEach(async () => {
  nats = await startTestNats();
  line = await openLine(nats.url);
  const logger = createLogger('test', 'silent');
  recorder = await NatsLink.connect(nats.url, 'recorder', logger);
  link = await NatsLink.connect(line.url, 'follower', logger);
  await provision(recorder.connection, 'here');
  seen = [];
});

afterEach(async () => {
  await Promise.all([recorder.close(), link.close()]);
  await line.close();
  await nats.stop();
});

const summary = (version: number): BatchSummary => ({
  batch: 1,
  version,
  name: 'Evening news',
  state: 'running',
  runs: { waiting: 0, running: 1, done: 0, failed: 0, cancelled: 0 },
  stages: [],
  sentence: 'Batch 1: shots 50 %',
  errors: [],
});

async function commit(from: number, to: number): Promise<void> {
  for (let version = from; version <= to; version += 1) {
    const head = { v: 1, batch: 1, from: version - 1, to: version, summary: summary(version) };
    await recorder.publisher.publish(liveSubject(1), encodeBody(head, Uint8Array.of(version % 256)));
  }
}

function follow(): LiveFollower {
  const follower = new LiveFollower(link.connection, ({ commit: { to }, cells }) => {
    expect([...cells]).toEqual([to % 256]);
    seen.push(to);
  });
  follower.start();
  link.onReconnect(() => void follower.replay());
  return follower;
}

const versions = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const untilSeen = (version: number) =>
  waitFor(() => seen.includes(version), { what: `Version ${version} among ${seen.join(' ')}` });

describe(LiveFollower, () => {
  it('passes on the messages in the stream first and then new ones, in order', async () => {
    await commit(1, 5);
    follow();
    await commit(6, 60);
    await untilSeen(60);
    expect([...new Set(seen)]).toEqual(versions(1, 60));
  });

  it('passes on messages missed during an interruption before new ones', async () => {
    follow();
    await commit(1, 2);
    await untilSeen(2);
    seen = [];
    line.mute();
    await commit(3, 4);
    line.cut();
    await untilSeen(4);
    await commit(5, 5);
    await untilSeen(5);
    expect([...new Set(seen)]).toEqual(versions(1, 5));
  });

  it('passes on the newest message last when several replays are requested at once', async () => {
    await commit(1, 40);
    const follower = follow();
    await Promise.all([follower.replay(), follower.replay(), commit(41, 60)]);
    await follower.replay();
    await untilSeen(60);
    expect([...new Set(seen)]).toEqual(versions(1, 60));
    expect(seen.at(-1)).toBe(60);
  });

  it('skips invalid messages', async () => {
    await recorder.publisher.publish(liveSubject(1), Buffer.from('not json'));
    await recorder.publisher.publish(liveSubject(1), encodeBody({ v: 1, batch: 1 }));
    follow();
    await commit(1, 1);
    await untilSeen(1);
    expect([...new Set(seen)]).toEqual([1]);
  });

  it('follows a stream that is created later', async () => {
    const manager = await recorder.connection.jetstreamManager();
    await manager.streams.delete(STREAMS.live.name);
    follow();
    await provision(recorder.connection, 'here');
    await commit(1, 1);
    await untilSeen(1);
    expect([...new Set(seen)]).toEqual([1]);
  });
});
