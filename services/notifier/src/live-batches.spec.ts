import { describe, expect, it } from '@jest/globals';
import type { BatchSummary, LiveCommit } from '#libs/contracts';
import { LiveBatches } from './live-batches.js';

const NOW = 1_790_000_000_000;
const cells = Uint8Array.of(1, 2, 3, 4);

const commit = (from: number, to: number, sentence = `Batch 7: version ${to}`, batch = 7): LiveCommit => ({
  v: 1,
  batch,
  from,
  to,
  summary: { batch, version: to, sentence } as BatchSummary,
});

function batchesAfter(...commits: LiveCommit[]): LiveBatches {
  const batches = new LiveBatches();
  commits.forEach((each) => batches.add(each, cells, NOW));
  return batches;
}

describe('the live batches', () => {
  it('return the change and the summary of a new commit', () => {
    expect(new LiveBatches().add(commit(0, 1), cells, NOW)).toEqual({
      change: { from: 0, to: 1, cells },
      isNewSummary: true,
    });
  });

  it('return no change for a commit that they have already, or that has no cells', () => {
    const batches = batchesAfter(commit(0, 2));
    expect(batches.add(commit(0, 1), cells, NOW).change).toBeNull();
    expect(batches.add(commit(3, 3), new Uint8Array(), NOW).change).toBeNull();
  });

  it('replace a summary by one of the same version, and keep it when an older one arrives', () => {
    const batches = batchesAfter(commit(0, 2, 'first'));
    expect(batches.add(commit(2, 2, 'same version'), new Uint8Array(), NOW).isNewSummary).toBe(true);
    expect(batches.summaryOf(7)?.sentence).toBe('same version');
    expect(batches.add(commit(0, 1, 'older'), cells, NOW).isNewSummary).toBe(false);
    expect(batches.summaryOf(7)?.sentence).toBe('same version');
  });

  it('bring a client up to date, and report a gap for an unknown batch', () => {
    const batches = batchesAfter(commit(0, 1), commit(1, 2));
    expect(batches.catchUp(7, 1)).toEqual({ version: 2, change: { from: 1, to: 2, cells: Buffer.from(cells) } });
    expect(batches.catchUp(8, 1)).toEqual({ version: 0, change: null });
  });

  it('forget a batch that has no recent commit and no client', () => {
    const batches = batchesAfter(commit(0, 1), commit(0, 1, 'watched', 8));
    batches.forget(NOW, () => false);
    expect(batches.summaryOf(7)).toBeDefined();
    batches.forget(NOW + 1, (batch) => batch === 8);
    expect([batches.summaryOf(7), batches.summaryOf(8)?.sentence]).toEqual([undefined, 'watched']);
  });
});
