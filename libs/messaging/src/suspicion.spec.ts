import { describe, expect, it } from '@jest/globals';
import { Suspicion } from './suspicion.js';

const MINUTE = 60_000;
const START = 1_790_000_000_000;
/** Long after the start, so that only what a test does is suspicious. */
const NOW = START + 10 * MINUTE;

const delivery = (consumerSequence: number, { age = 0, deliveries = 1 } = {}) => ({
  deliveries,
  consumerSequence,
  streamSequence: 7,
  timestamp: `${NOW - age}000000`,
});

describe(Suspicion, () => {
  it('does not fall on a young first delivery', () => {
    expect(new Suspicion(START).isOn(delivery(1), NOW)).toBe(false);
  });

  it('falls on everything within a minute of the start, and not after it', () => {
    const suspicion = new Suspicion(NOW);
    expect(suspicion.isOn(delivery(1), NOW + MINUTE - 1)).toBe(true);
    expect(suspicion.isOn(delivery(2), NOW + MINUTE)).toBe(false);
  });

  it('falls on a redelivery and on an old message alone', () => {
    const suspicion = new Suspicion(START);
    expect(suspicion.isOn(delivery(1, { deliveries: 2 }), NOW)).toBe(true);
    expect(suspicion.isOn(delivery(2, { age: MINUTE + 1 }), NOW)).toBe(true);
    expect(suspicion.isOn(delivery(3), NOW)).toBe(false);
  });

  it('falls on all that follows for a minute when the consumer counts from the beginning again', () => {
    const suspicion = new Suspicion(START);
    suspicion.isOn(delivery(5), NOW);
    expect(suspicion.isOn(delivery(1), NOW)).toBe(true);
    expect(suspicion.isOn(delivery(2), NOW)).toBe(true);
  });

  it('falls on what follows for a minute when the consumer or the connection was away', () => {
    const suspicion = new Suspicion(START);
    suspicion.raise(NOW);
    expect(suspicion.isOn(delivery(1), NOW)).toBe(true);
  });
});
