import { describe, expect, it } from '@jest/globals';
import { RepeatDetector } from './repeat-detector.js';

const MINUTE = 60_000;
const START = 1_790_000_000_000;
/** Long after the start, so that only the test itself causes distrust. */
const NOW = START + 10 * MINUTE;

/** This process started at `START`. */
const clocks = (now: number, jump = 0) => ({ monotonic: now - START, wall: now + jump });

const delivery = (consumerSequence: number, { age = 0, deliveries = 1 } = {}) => ({
  deliveries,
  consumerSequence,
  streamSequence: 7,
  timestamp: `${NOW - age}000000`,
});

describe('the repeat detector', () => {
  it('trusts a young first delivery', () => {
    expect(new RepeatDetector(0).mayBeRepeat(delivery(1), clocks(NOW))).toBe(false);
  });

  it('distrusts everything within a minute of the start', () => {
    const detector = new RepeatDetector(NOW - START);
    expect(detector.mayBeRepeat(delivery(1), clocks(NOW + MINUTE - 1))).toBe(true);
    expect(detector.mayBeRepeat(delivery(2), clocks(NOW + MINUTE))).toBe(false);
  });

  it('distrusts redeliveries and old messages individually', () => {
    const detector = new RepeatDetector(0);
    expect(detector.mayBeRepeat(delivery(1, { deliveries: 2 }), clocks(NOW))).toBe(true);
    expect(detector.mayBeRepeat(delivery(2, { age: MINUTE + 1 }), clocks(NOW))).toBe(true);
    expect(detector.mayBeRepeat(delivery(3), clocks(NOW))).toBe(false);
  });

  it('distrusts everything for a minute when the consumer counts from the beginning again', () => {
    const detector = new RepeatDetector(0);
    detector.mayBeRepeat(delivery(5), clocks(NOW));
    expect(detector.mayBeRepeat(delivery(1), clocks(NOW))).toBe(true);
    expect(detector.mayBeRepeat(delivery(2), clocks(NOW))).toBe(true);
  });

  it('distrusts a sequence of the consumer that occurs twice', () => {
    const detector = new RepeatDetector(0);
    expect(detector.mayBeRepeat(delivery(5), clocks(NOW))).toBe(false);
    expect(detector.mayBeRepeat(delivery(5), clocks(NOW))).toBe(true);
  });

  it('distrusts everything for a minute after an interruption', () => {
    const detector = new RepeatDetector(0);
    detector.distrust(NOW - START);
    expect(detector.mayBeRepeat(delivery(1), clocks(NOW))).toBe(true);
  });

  it('recognises an old message although the wall clock was set back by an hour', () => {
    const detector = new RepeatDetector(0);
    expect(detector.mayBeRepeat(delivery(1), clocks(NOW, -60 * MINUTE))).toBe(false);
    expect(detector.mayBeRepeat(delivery(2, { age: MINUTE + 1 }), clocks(NOW, -60 * MINUTE))).toBe(true);
    expect(detector.mayBeRepeat(delivery(3), clocks(NOW, -60 * MINUTE))).toBe(false);
  });
});
