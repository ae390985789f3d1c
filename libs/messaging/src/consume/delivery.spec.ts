import { describe, expect, it } from '@jest/globals';
import type { Msg } from 'nats';
import type { Outbox } from '../connection/outbox.js';
import { Delivery, parseAckSubject } from './delivery.js';
import { nanoseconds } from '../streams/stored-message.js';

describe('the reply subject of a delivery', () => {
  const info = { deliveries: 2, streamSequence: 41, consumerSequence: 57, timestamp: '1790000000123456789' };

  it('is parsed in its short form', () => {
    expect(parseAckSubject('$JS.ACK.STAGES.app-x.2.41.57.1790000000123456789.3')).toEqual(info);
  });

  it('is parsed in its form with domain and account', () => {
    expect(parseAckSubject('$JS.ACK._.hash.STAGES.app-x.2.41.57.1790000000123456789.3.token')).toEqual(info);
  });

  it('is parsed in its form with domain and account without the token of later servers', () => {
    expect(parseAckSubject('$JS.ACK.hub.hash.STAGES.app-x.2.41.57.1790000000123456789.3')).toEqual(info);
  });

  it.each([
    undefined,
    '',
    '_INBOX.a.b',
    '$JS.ACK.STAGES.x.1',
    '$JS.ACK._.STAGES.app-x.2.41.57.1790000000123456789.3',
    '$XX.ACK.STAGES.app-x.2.41.57.1790000000123456789.3',
    '$JS.API.STAGES.app-x.2.41.57.1790000000123456789.3',
  ])('is rejected when it is %p', (reply) => {
    expect(parseAckSubject(reply)).toBeNull();
  });
});

describe('a delivery', () => {
  const info = { deliveries: 1, streamSequence: 1, consumerSequence: 1, timestamp: '0' };
  const message = (reply: string, headers?: Record<string, string>) =>
    ({
      subject: 'stage.shots.1.2.0',
      data: new Uint8Array(),
      reply,
      headers: headers && { get: (name: string) => headers[name] ?? '' },
    }) as unknown as Msg;
  const delivered = (first: Msg) => {
    const sent: string[] = [];
    const outbox = {
      publish: (subject: string, body: Uint8Array) => sent.push(`${subject} ${new TextDecoder().decode(body)}`),
    };
    return { sent, delivery: new Delivery(outbox as unknown as Outbox, first, info, false, () => false) };
  };

  it('reports progress, returns to the queue and acknowledges on its reply subject', () => {
    const { sent, delivery } = delivered(message('reply'));
    delivery.working();
    delivery.returnToQueue();
    delivery.ack();
    expect(sent).toEqual(['reply +WPI', 'reply -NAK', 'reply +ACK']);
  });

  it('returns to the queue for 5 s when it is to be delivered later', () => {
    const { sent, delivery } = delivered(message('reply'));
    delivery.returnLater();
    expect(sent).toEqual(['reply -NAK {"delay": 5000000000}']);
  });

  it('does not return to the queue after it was acknowledged', () => {
    const { sent, delivery } = delivered(message('reply'));
    delivery.ack();
    delivery.returnToQueue();
    expect(sent).toEqual(['reply +ACK']);
  });

  it('acknowledges its newest redelivery', () => {
    const { sent, delivery } = delivered(message('first'));
    delivery.renew(message('second'));
    delivery.ack();
    expect(sent).toEqual(['second +ACK']);
  });

  it('has no header for an absent or empty one', () => {
    const { delivery } = delivered(message('reply', { Present: 'yes', Empty: '' }));
    expect([delivery.header('Present'), delivery.header('Absent'), delivery.header('Empty')]).toEqual([
      'yes',
      undefined,
      undefined,
    ]);
    expect(delivered(message('reply')).delivery.header('Present')).toBeUndefined();
  });
});

describe('a timestamp in nanoseconds', () => {
  it('keeps all nine decimals, and pads missing ones', () => {
    expect(nanoseconds('2026-11-24T12:00:00.000000001Z')).toBe(`${Date.parse('2026-11-24T12:00:00Z') / 1000}000000001`);
    expect(nanoseconds('2026-11-24T12:00:00.5Z')).toBe(`${Date.parse('2026-11-24T12:00:00Z') / 1000}500000000`);
  });

  it('is rejected when it is not in UTC', () => {
    expect(() => nanoseconds('2026-11-24T12:00:00+01:00')).toThrow(RangeError);
  });
});
