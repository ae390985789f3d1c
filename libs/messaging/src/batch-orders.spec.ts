import { describe, expect, it } from '@jest/globals';
import { BatchOrders } from './batch-orders.js';

const control = { v: 1, installation: 'here', batch: 7, paused: false, cancelledGeneration: 0 } as const;

const stage = (generation: number) => ({ batch: 7, run: 17, generation });

describe(BatchOrders, () => {
  it('knows of nothing that nobody has said', () => {
    expect(new BatchOrders().of(stage(1))).toBeNull();
  });

  it('tells a pause from a cancellation, which weighs more', () => {
    const orders = new BatchOrders();
    orders.set({ ...control, paused: true });
    expect(orders.of(stage(1))).toBe('paused');
    expect(orders.of({ ...stage(1), batch: 8 })).toBeNull();
    orders.set({ ...control, paused: true, cancelledGeneration: 2 });
    expect([1, 2, 3].map((generation) => orders.of(stage(generation)))).toEqual(['cancelled', 'cancelled', 'paused']);
    orders.set(control);
    expect(orders.of(stage(1))).toBeNull();
  });

  it('tells a run that was cancelled by itself from the others of its batch', () => {
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

  it('says that something changed until it is told to stop', () => {
    const orders = new BatchOrders();
    let changes = 0;
    const stop = orders.onChange(() => (changes += 1));
    orders.set(control);
    stop();
    orders.set(control);
    expect(changes).toBe(1);
  });
});
