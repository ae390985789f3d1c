import { describe, expect, it } from '@jest/globals';
import { RepeatDetector } from './repeat-detector.js';

const MINUTE = 60_000;
const START = 1_790_000_000_000;
/** Long after the start, so that only the test itself causes distrust. */
const NOW = START + 10 * MINUTE;

const delivery = (consumerSequence: number, { age = 0, deliveries = 1 } = {}) => ({
  deliveries,
  consumerSequence,
  streamSequence: 7,
  timestamp: `${NOW - age}000000`,
});

describe('the repeat detector', () => {
  it('trusts a young first delivery', () => {
    expect(new RepeatDetector(START).mayBeRepeat(delivery(1), NOW)).toBe(false);
  });

  it('distrusts everything within a minute of the start', () => {
    const detector = new RepeatDetector(NOW);
    expect(detector.mayBeRepeat(delivery(1), NOW + MINUTE - 1)).toBe(true);
    expect(detector.mayBeRepeat(delivery(2), NOW + MINUTE)).toBe(false);
  });

  it('distrusts redeliveries and old messages individually', () => {
    const detector = new RepeatDetector(START);
    expect(detector.mayBeRepeat(delivery(1, { deliveries: 2 }), NOW)).toBe(true);
    expect(detector.mayBeRepeat(delivery(2, { age: MINUTE + 1 }), NOW)).toBe(true);
    expect(detector.mayBeRepeat(delivery(3), NOW)).toBe(false);
  });

  it('distrusts everything for a minute when the consumer counts from the beginning again', () => {
    const detector = new RepeatDetector(START);
    detector.mayBeRepeat(delivery(5), NOW);
    expect(detector.mayBeRepeat(delivery(1), NOW)).toBe(true);
    expect(detector.mayBeRepeat(delivery(2), NOW)).toBe(true);
  });

  it('distrusts everything for a minute after an interruption', () => {
    const detector = new RepeatDetector(START);
    detector.distrust(NOW);
    expect(detector.mayBeRepeat(delivery(1), NOW)).toBe(true);
  });
});
