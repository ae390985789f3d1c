import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AckPolicy, DiscardPolicy, type JetStreamManager, type Msg } from 'nats';
import { childLineageHeader, type Lineage, LINEAGE_HEADER, storedLineage } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { parseAckSubject } from '../src/consume/delivery.js';
import { PublishConflict, PublishRefused, PublishUncertain } from '../src/errors.js';
import { LeanPublisher } from '../src/publish/lean-publisher.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { type OncePerLineage, publishOnce } from '../src/publish/publish-once.js';
import { PullInbox } from '../src/consume/pull-inbox.js';
import { readLast, readNext, type StoredMessage } from '../src/streams/stored-message.js';
import { untilAnswered } from '../src/connection/until-answered.js';
import { type Line, openLine } from './line.js';

const STREAM = 'THINGS';
const SLOW = 30_000;
const logger = createLogger('test', 'silent');
const bytes = (text: string) => Buffer.from(text);

let nats: TestNats;
let line: Line;
/** Directly to the server. */
let link: NatsLink;
/** Over the proxy that tests break. */
let remote: NatsLink;
let manager: JetStreamManager;
let subjects = 0;
let subject: string;

beforeAll(async () => {
  nats = await startTestNats();
  line = await openLine(nats.url);
  link = await NatsLink.connect(nats.url, 'test', logger);
  remote = await NatsLink.connect(line.url, 'remote', logger);
  manager = await link.connection.jetstreamManager();
  await manager.streams.add({ name: STREAM, subjects: ['thing.>'], max_msg_size: 1000 });
});

beforeEach(() => {
  subject = `thing.${(subjects += 1)}`;
});

afterEach(async () => {
  await waitFor(() => link.isConnected() && remote.isConnected());
});

afterAll(async () => {
  await Promise.all([link.close(), remote.close()]);
  await line.close();
  await nats.stop();
});

const stored = (on = subject) => readLast(link.connection, STREAM, on);
const countOn = async (on = subject) => {
  const { state } = await manager.streams.info(STREAM, { subjects_filter: on });
  return state.subjects?.[on] ?? 0;
};
const text = (message: StoredMessage | null) => message && Buffer.from(message.body).toString();

describe(LeanPublisher, () => {
  it('resolves to the sequence of each of many publications', async () => {
    const sequences = await Promise.all(
      Array.from({ length: 100 }, (_, n) => link.publisher.publish(`${subject}.${n}`, bytes(String(n)))),
    );
    const found = await Promise.all(sequences.map((sequence) => readNext(link.connection, STREAM, '>', sequence)));
    expect(found.map(text)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  });

  it('stores a message only after the expected one', async () => {
    const first = await link.publisher.publish(subject, bytes('first'), { expectLast: 0 });
    await expect(link.publisher.publish(subject, bytes('again'), { expectLast: 0 })).rejects.toThrow(PublishConflict);
    await link.publisher.publish(subject, bytes('second'), { expectLast: first });
    expect(text(await stored())).toBe('second');
    expect(await countOn()).toBe(2);
  });

  it('permanently refuses a message that is too large for the stream or the server', async () => {
    const refusal = await link.publisher.publish(subject, bytes('x'.repeat(1001))).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PublishRefused);
    expect(refusal).toMatchObject({ code: 10054 });
    const huge = link.publisher.publish(subject, Buffer.alloc(2 * 1024 * 1024));
    await expect(huge).rejects.toThrow(PublishRefused);
    await expect(huge).rejects.toThrow(/larger than the server accepts/);
  });

  it('is uncertain when the server cannot store the message now', async () => {
    const limits = { max_msgs: 1, discard: DiscardPolicy.New };
    await manager.streams.add({ name: 'FULL', subjects: ['full'], ...limits });
    await link.publisher.publish('full', bytes('one'));
    await expect(link.publisher.publish('full', bytes('two'))).rejects.toThrow(PublishUncertain);
  });

  it('is uncertain when no stream accepts the subject', async () => {
    await expect(link.publisher.publish('nowhere.at.all', bytes(''))).rejects.toThrow(PublishUncertain);
  });

  it('writes a header with a line break as one line', async () => {
    await link.publisher.publish(subject, bytes(''), { headers: { 'Chowda-Guid': 'two\r\nlines' } });
    expect((await stored())?.headers.get('Chowda-Guid')).toBe('two lines');
  });

  it('is uncertain immediately when the connection is lost', async () => {
    line.mute();
    const publishing = remote.publisher.publish(subject, bytes('sent'));
    await waitFor(() => stored());
    line.cut();
    await expect(publishing).rejects.toThrow(/the connection was lost/);
  });

  it(
    'is uncertain when the server does not answer for 5 s',
    async () => {
      line.mute();
      const publishing = remote.publisher.publish(subject, bytes('sent'));
      await expect(publishing).rejects.toThrow(PublishUncertain);
      await expect(publishing).rejects.toThrow(/within 5 s/);
      line.cut();
    },
    SLOW,
  );

  it('publishes again after the server was killed', async () => {
    await nats.restart();
    await waitFor(() => link.isConnected());
    await link.publisher.publish(subject, bytes('after'));
    expect(text(await stored())).toBe('after');
  });

  it('rejects waiting publications when it is closed', async () => {
    line.mute();
    const publisher = new LeanPublisher(remote.connection, remote.outbox);
    const publishing = publisher.publish(subject, bytes('sent'));
    publisher.close();
    await expect(publishing).rejects.toThrow(PublishUncertain);
    line.cut();
  });
});

describe(publishOnce, () => {
  const older: Lineage = { generation: 1, root: '900' };
  const lineage: Lineage = { generation: 2, root: '100' };
  const newer: Lineage = { generation: 2, root: '101' };
  const never = new AbortController().signal;

  const message = (of: Lineage, body = `by ${of.generation}.${of.root}`): OncePerLineage => ({
    stream: STREAM,
    subject,
    body: bytes(body),
    headers: { [LINEAGE_HEADER]: childLineageHeader(of) },
    lineage: of,
    lineageOf: storedLineage,
  });
  const publish = (of: Lineage, over = link, signal = never) => publishOnce(over, message(of), signal);

  it('publishes the first message of a lineage, and returns it on the second attempt', async () => {
    expect(await publish(lineage)).toEqual({ as: 'ours' });
    const again = await publishOnce(link, message(lineage, 'another body'), never);
    expect(again).toMatchObject({ as: 'theirs', stored: { subject, sequence: (await stored())?.sequence } });
    expect(text(await stored())).toBe('by 2.100');
    expect(await countOn()).toBe(1);
  });

  it('supersedes an older lineage, and is superseded by a newer one', async () => {
    await publish(older);
    expect(await publish(newer)).toEqual({ as: 'ours' });
    expect(await publish(lineage)).toEqual({ as: 'superseded' });
    expect(text(await stored())).toBe('by 2.101');
    expect(await countOn()).toBe(2);
  });

  it('supersedes a message without a lineage', async () => {
    await link.publisher.publish(subject, bytes('noise'));
    expect(await publish(lineage)).toEqual({ as: 'ours' });
  });

  it('publishes on a subject whose last message was deleted', async () => {
    await publish(lineage);
    await manager.streams.deleteMessage(STREAM, (await stored())!.sequence);
    expect(await publish(lineage)).toEqual({ as: 'ours' });
  });

  it('publishes once for many concurrent callers', async () => {
    const results = await Promise.all(Array.from({ length: 30 }, () => publish(lineage)));
    expect(results.filter(({ as }) => as === 'ours')).toHaveLength(1);
    expect(results.filter(({ as }) => as === 'theirs')).toHaveLength(29);
    expect(await countOn()).toBe(1);
  });

  it('stores a message once when its acknowledgement was lost', async () => {
    line.mute();
    const publishing = publish(lineage, remote);
    await waitFor(() => stored());
    line.cut();
    const published = await publishing;
    expect(published).toMatchObject({ as: 'theirs' });
    expect(text('stored' in published ? published.stored : null)).toBe('by 2.100');
    expect(await countOn()).toBe(1);
  });

  it(
    'retries until an unavailable server is back',
    async () => {
      await nats.kill();
      const publishing = publish(lineage);
      await nats.restart();
      await publishing;
      expect(await countOn()).toBe(1);
    },
    SLOW,
  );

  it('throws when the server refuses the message permanently', async () => {
    const large = publishOnce(link, message(lineage, 'x'.repeat(1001)), never);
    await expect(large).rejects.toThrow(PublishRefused);
  });

  it('throws the reason of its signal', async () => {
    const stopping = new AbortController();
    const nowhere = publishOnce(link, { ...message(lineage), subject: 'nowhere.at.all' }, stopping.signal);
    stopping.abort(new Error('The worker stops.'));
    await expect(nowhere).rejects.toThrow('The worker stops.');
  });
});

describe(NatsLink, () => {
  it('closes while its server is unavailable', async () => {
    const own = await openLine(nats.url);
    const away = await NatsLink.connect(own.url, 'away', logger);
    await own.close();
    await waitFor(() => !away.isConnected());
    await away.close();
    expect(away.connection.isClosed()).toBe(true);
  });
});

describe('a stored message', () => {
  it('has its headers, and its time to the nanosecond', async () => {
    await link.publisher.publish(subject, bytes('{"a": 1}\nb'), { headers: { 'Chowda-Run': '17' } });
    const ack_policy = AckPolicy.Explicit;
    await manager.consumers.add(STREAM, { durable_name: 'reader', filter_subject: subject, ack_policy });
    const delivered = await new Promise<Msg>((onMessage) => {
      new PullInbox(link, { stream: STREAM, consumer: 'reader' }, { onMessage, onReleased: () => undefined }).pull(1);
    });
    const { streamSequence: sequence, timestamp } = parseAckSubject(delivered.reply)!;
    const body = bytes('{"a": 1}\nb');
    expect(await stored()).toMatchObject({
      subject,
      sequence,
      headers: new Map([['Chowda-Run', '17']]),
      body,
      timestamp,
    });
  });

  it('is null when a subject has no message, or none from a sequence on', async () => {
    expect(await stored('thing.unused')).toBeNull();
    const sequence = await link.publisher.publish(subject, bytes(''));
    expect((await readNext(link.connection, STREAM, subject, 1))?.sequence).toBe(sequence);
    expect(await readNext(link.connection, STREAM, subject, sequence + 1)).toBeNull();
  });

  it('cannot be read without the stream', async () => {
    await expect(readLast(link.connection, 'GONE', subject)).rejects.toThrow(/GONE cannot be read/);
  });
});

describe(untilAnswered, () => {
  it('repeats the request until it succeeds', async () => {
    let asked = 0;
    const ask = () => ((asked += 1) < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve('answer'));
    expect(await untilAnswered(ask, new AbortController().signal)).toBe('answer');
    expect(asked).toBe(3);
  });

  it('requests nothing after a stop', async () => {
    const ask = () => Promise.reject(new Error('asked'));
    await expect(untilAnswered(ask, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
