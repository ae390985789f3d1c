import { describe, expect, it } from '@jest/globals';
import type { BatchSummary, BatchView } from '#libs/contracts';
import { updateList, withSummary } from './live-batches.js';

const summary = (batch: number, version: number, state: BatchSummary['state'] = 'running') =>
  ({ batch, version, state }) as BatchSummary;
const batch = (id: number, version: number) => ({ id, summary: summary(id, version) }) as BatchView;
const list = (...items: BatchView[]) => ({ pages: [{ items, next: null }], pageParams: [null] });

describe('a live list of batches', () => {
  it('applies a newer summary to its batch and leaves the other batches unchanged', () => {
    const before = list(batch(2, 5), batch(1, 3));
    const after = updateList(before, summary(2, 6));
    expect(after?.pages[0]?.items.map(({ summary: { version } }) => version)).toEqual([6, 3]);
    expect(after?.pages[0]?.items[1]).toBe(before.pages[0]?.items[1]);
  });

  it('ignores an older summary', () => {
    expect(withSummary(batch(1, 5), summary(1, 4)).summary.version).toBe(5);
  });

  it('has to be read again for an unknown batch and for a new state', () => {
    expect(updateList(list(batch(1, 3)), summary(2, 1))).toBeNull();
    expect(updateList(list(batch(1, 3)), summary(1, 4, 'finished'))).toBeNull();
    expect(updateList(list(batch(1, 3)), summary(1, 2, 'draft'))).not.toBeNull();
  });
});
