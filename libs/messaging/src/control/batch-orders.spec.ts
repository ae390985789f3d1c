import { describe, expect, it } from '@jest/globals';
import { BatchOrders } from './batch-orders.js';

const control = { v: 1, installation: 'here', batch: 7, paused: false, cancelledGeneration: 0 } as const;

const stage = (generation: number) => ({ batch: 7, run: 17, index: 1, generation });

describe('the orders for a batch', () => {
  it('are empty before the first control value', () => {
    expect(new BatchOrders().of(stage(1))).toBeNull();
  });

  it('distinguish a pause from a cancellation, which takes precedence', () => {
    const orders = new BatchOrders();
    orders.set({ ...control, paused: true });
    expect(orders.of(stage(1))).toBe('paused');
    expect(orders.of({ ...stage(1), batch: 8 })).toBeNull();
    orders.set({ ...control, paused: true, cancelledGeneration: 2 });
    expect([1, 2, 3].map((generation) => orders.of(stage(generation)))).toEqual(['cancelled', 'cancelled', 'paused']);
    orders.set(control);
    expect(orders.of(stage(1))).toBeNull();
  });

  it('distinguish a run that was cancelled individually from the others of its batch', () => {
    const orders = new BatchOrders();
    orders.set({ ...control, paused: true, cancelledRuns: [{ run: 17, generation: 2 }] });
    expect([1, 2, 3].map((generation) => orders.of(stage(generation)))).toEqual([
      'run-cancelled',
      'run-cancelled',
      'paused',
    ]);
    expect(orders.of({ ...stage(1), run: 18 })).toBe('paused');
    expect(orders.of({ ...stage(1), batch: 8 })).toBeNull();
  });

  it('park the stages at which the batch is held, except the probe', () => {
    const orders = new BatchOrders();
    const since = '2026-11-30T20:00:00.000Z';
    const held = { stage: 1, by: 'breaker', reason: 'It fails.', since, probeAt: null, probe: 18 };
    orders.set({ ...control, held: [{ ...held, stage: 2 }, held] });
    expect(orders.of(stage(1))).toBe('paused');
    expect(orders.of({ ...stage(1), index: 0 })).toBeNull();
    expect(orders.of({ ...stage(1), run: 18 })).toBeNull();
  });

  it('notify a listener of changes until it unsubscribes', () => {
    const orders = new BatchOrders();
    let changes = 0;
    const stop = orders.onChange(() => (changes += 1));
    orders.set(control);
    stop();
    orders.set(control);
    expect(changes).toBe(1);
  });
});
