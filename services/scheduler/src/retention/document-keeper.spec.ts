import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BatchRetention, Removal } from '#libs/database';
import { createLogger } from '#libs/runtime';
import { DocumentKeeper } from './document-keeper.js';

const NOW = Date.parse('2026-03-04T00:00:00Z');
const MINUTE = 60_000;

let finished: BatchRetention[];
let steps: { batch: number; keep: string; after: number }[];
let answers: (Removal | Error)[];
let changed: number[];
let sweeps: number;
let sweptRuns: number[];
let keeper: DocumentKeeper;
beforeEach(() => {
  [finished, steps, answers, changed, sweeps, sweptRuns] = [[], [], [], [], 0, []];
  keeper = new DocumentKeeper(
    {
      retention: { finished: () => Promise.resolve(finished) },
      removals: {
        remove: ({ batch, keep, after }) => {
          steps.push({ batch, keep, after });
          const answer = answers.shift() ?? { next: null, removed: 0, change: null };
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
      },
      deleted: {
        sweep: (runs) => {
          sweptRuns.push(runs);
          return Promise.resolve(runs);
        },
      },
      strays: {
        sweep: () => {
          sweeps += 1;
          return Promise.resolve({ removed: 0, isUnderWay: false });
        },
      },
    },
    { add: ({ batch }) => void changed.push(batch) },
    createLogger('scheduler', 'silent'),
  );
});

const batch = (id: number, change: Partial<BatchRetention> = {}): BatchRetention => ({
  batch: id,
  state: 'finished',
  own: false,
  keep: 'final',
  days: null,
  kept: 'all',
  finishedAt: new Date(NOW - MINUTE),
  ...change,
});

describe(DocumentKeeper, () => {
  it('removes a limited number of runs of deleted batches at every tick', async () => {
    await keeper.tick(NOW, NOW);
    await keeper.tick(NOW, NOW);
    expect(sweptRuns).toEqual([500, 500]);
  });

  it('processes a batch step by step, publishes its changes, and continues with the next one', async () => {
    finished = [batch(1), batch(2, { keep: 'all', days: 1, finishedAt: new Date(NOW - 2 * 24 * 60 * MINUTE) })];
    answers = [
      { next: 499, removed: 7, change: { batch: 1, from: 3, to: 4, cells: [] } },
      { next: null, removed: 0, change: null },
    ];
    await keeper.tick(NOW, NOW);
    await keeper.tick(NOW, NOW);
    finished = finished.slice(1);
    await keeper.tick(NOW, NOW);
    expect(steps).toEqual([
      { batch: 1, keep: 'final', after: -1 },
      { batch: 1, keep: 'final', after: 499 },
      { batch: 2, keep: 'none', after: -1 },
    ]);
    expect(changed).toEqual([1]);
  });

  it('does not touch a batch that is not due', async () => {
    finished = [batch(1, { kept: 'final' }), batch(2, { keep: 'all', days: 1 })];
    await keeper.tick(NOW, NOW);
    expect(steps).toEqual([]);
  });

  it('searches less often while nothing is due', async () => {
    await keeper.tick(NOW, NOW);
    finished = [batch(1)];
    await keeper.tick(NOW + 1000, NOW + 1000);
    expect(steps).toEqual([]);
    await keeper.tick(NOW + MINUTE, NOW + MINUTE);
    expect(steps).toHaveLength(1);
  });

  it('starts a batch again after a failure', async () => {
    finished = [batch(1)];
    answers = [{ next: 499, removed: 7, change: null }, new Error('the database is not available')];
    await keeper.tick(NOW, NOW);
    await expect(keeper.tick(NOW, NOW)).rejects.toThrow('not available');
    await keeper.tick(NOW, NOW);
    expect(steps.map(({ after }) => after)).toEqual([-1, 499, -1]);
  });

  it('removes unreferenced documents at every tick, and ignores a tick during another one', async () => {
    await Promise.all([keeper.tick(NOW, NOW), keeper.tick(NOW, NOW)]);
    await keeper.tick(NOW, NOW);
    expect(sweeps).toBe(2);
  });
});
