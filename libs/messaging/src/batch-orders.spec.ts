import { describe, expect, it } from '@jest/globals';
import { BatchOrders } from './batch-orders.js';

const control = { v: 1, installation: 'here', batch: 7, paused: false, cancelledGeneration: 0 } as const;

describe(BatchOrders, () => {
  it('knows of nothing that nobody has said', () => {
    expect(new BatchOrders().of(7, 1)).toBeNull();
  });

  it('tells a pause from a cancellation, which weighs more', () => {
    const orders = new BatchOrders();
    orders.set({ ...control, paused: true });
    expect(orders.of(7, 1)).toBe('paused');
    expect(orders.of(8, 1)).toBeNull();
    orders.set({ ...control, paused: true, cancelledGeneration: 2 });
    expect([1, 2, 3].map((generation) => orders.of(7, generation))).toEqual(['cancelled', 'cancelled', 'paused']);
    orders.set(control);
    expect(orders.of(7, 1)).toBeNull();
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
