import { describe, expect, it } from '@jest/globals';
import { parseAckSubject } from './delivery.js';
import { nanoseconds } from '../streams/stored-message.js';

describe('the reply subject of a delivery', () => {
  const info = { deliveries: 2, streamSequence: 41, consumerSequence: 57, timestamp: '1790000000123456789' };

  it('is parsed in its short form', () => {
    expect(parseAckSubject('$JS.ACK.STAGES.app-x.2.41.57.1790000000123456789.3')).toEqual(info);
  });

  it('is parsed in its form with domain and account', () => {
    expect(parseAckSubject('$JS.ACK._.hash.STAGES.app-x.2.41.57.1790000000123456789.3.token')).toEqual(info);
  });

  it.each([undefined, '', '_INBOX.a.b', '$JS.ACK.STAGES.x.1'])('is rejected when it is %p', (reply) => {
    expect(parseAckSubject(reply)).toBeNull();
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
