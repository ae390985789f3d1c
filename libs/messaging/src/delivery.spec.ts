import { describe, expect, it } from '@jest/globals';
import { parseAckSubject } from './delivery.js';
import { nanoseconds } from './stored-message.js';

describe('parseAckSubject', () => {
  const info = { deliveries: 2, streamSequence: 41, consumerSequence: 57, timestamp: '1790000000123456789' };

  it('reads the short form', () => {
    expect(parseAckSubject('$JS.ACK.STAGES.app-x.2.41.57.1790000000123456789.3')).toEqual(info);
  });

  it('reads the form with domain and account', () => {
    expect(parseAckSubject('$JS.ACK._.hash.STAGES.app-x.2.41.57.1790000000123456789.3.token')).toEqual(info);
  });

  it.each([undefined, '', '_INBOX.a.b', '$JS.ACK.STAGES.x.1'])('reads nothing from %p', (reply) => {
    expect(parseAckSubject(reply)).toBeNull();
  });
});

describe('nanoseconds', () => {
  it('keeps all nine decimals, and adds what is missing', () => {
    expect(nanoseconds('2026-11-24T12:00:00.000000001Z')).toBe(`${Date.parse('2026-11-24T12:00:00Z') / 1000}000000001`);
    expect(nanoseconds('2026-11-24T12:00:00.5Z')).toBe(`${Date.parse('2026-11-24T12:00:00Z') / 1000}500000000`);
  });

  it('refuses a time that is not in UTC', () => {
    expect(() => nanoseconds('2026-11-24T12:00:00+01:00')).toThrow(RangeError);
  });
});
