import { describe, expect, it } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import type { CellsRepository } from '#libs/database';
import { CellSnapshots } from './cell-snapshots.js';

/** Grids that are read when the test says so. */
function cells() {
  const reads: ((snapshot: { version: number; bytes: Uint8Array } | Error) => void)[] = [];
  const snapshot = () =>
    new Promise((resolve, reject) => reads.push((read) => (read instanceof Error ? reject(read) : resolve(read))));
  return { reads, snapshots: new CellSnapshots({ snapshot } as unknown as CellsRepository) };
}
const grid = (version: number) => ({ version, bytes: Uint8Array.of(3, version) });

describe(CellSnapshots, () => {
  it('reads a version once for all requests', async () => {
    const { reads, snapshots } = cells();
    const asked = [snapshots.atLeast(1, 7), snapshots.atLeast(1, 7)];
    reads[0]!(grid(8));
    const [first, second] = await Promise.all(asked);
    expect(second).toBe(first);
    expect(await snapshots.atLeast(1, 7)).toBe(first);
    expect(reads).toHaveLength(1);
    expect(first).toMatchObject(grid(8));
    expect(gunzipSync(first!.gzip)).toEqual(Buffer.from(first!.bytes));
  });

  it('reads a newer version and another batch separately', () => {
    const { reads, snapshots } = cells();
    for (const [batch, version] of [
      [1, 7],
      [1, 8],
      [2, 7],
    ] as const)
      void snapshots.atLeast(batch, version);
    expect(reads).toHaveLength(3);
  });

  it('reads again after a failure', async () => {
    const { reads, snapshots } = cells();
    const asked = snapshots.atLeast(1, 7);
    reads[0]!(new Error('The database is not responding.'));
    await expect(asked).rejects.toThrow('is not responding');
    const again = snapshots.atLeast(1, 7);
    reads[1]!(grid(7));
    expect(await again).toMatchObject(grid(7));
  });
});
