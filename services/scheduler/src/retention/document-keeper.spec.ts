import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BatchRetention, Removal } from '#libs/database';
import { createLogger } from '#libs/runtime';
import { DocumentKeeper } from './document-keeper.js';

const NOW = Date.parse('2026-03-04T00:00:00Z');
const MINUTE = 60_000;

let finished: BatchRetention[];
let steps: { batch: number; keep: string; after: number }[];
let answers: (Removal | Error)[];
let told: number[];
let sweeps: number;
let sweptRuns: number[];
let keeper: DocumentKeeper;
beforeEach(() => {
  [finished, steps, answers, told, sweeps, sweptRuns] = [[], [], [], [], 0, []];
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
    { add: ({ batch }) => void told.push(batch) },
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
  it('removes runs of deleted batches at every tick, never all of them', async () => {
    await keeper.tick(NOW);
    await keeper.tick(NOW);
    expect(sweptRuns).toEqual([500, 500]);
  });

  it('goes through a batch step by step, tells what has changed, and goes on to the next', async () => {
    finished = [batch(1), batch(2, { keep: 'all', days: 1, finishedAt: new Date(NOW - 2 * 24 * 60 * MINUTE) })];
    answers = [
      { next: 499, removed: 7, change: { batch: 1, from: 3, to: 4, cells: [] } },
      { next: null, removed: 0, change: null },
    ];
    await keeper.tick(NOW);
    await keeper.tick(NOW);
    finished = finished.slice(1);
    await keeper.tick(NOW);
    expect(steps).toEqual([
      { batch: 1, keep: 'final', after: -1 },
      { batch: 1, keep: 'final', after: 499 },
      { batch: 2, keep: 'none', after: -1 },
    ]);
    expect(told).toEqual([1]);
  });

  it('leaves alone what is not due', async () => {
    finished = [batch(1, { kept: 'final' }), batch(2, { keep: 'all', days: 1 })];
    await keeper.tick(NOW);
    expect(steps).toEqual([]);
  });

  it('looks again after a while only, while nothing is due', async () => {
    await keeper.tick(NOW);
    finished = [batch(1)];
    await keeper.tick(NOW + 1000);
    expect(steps).toEqual([]);
    await keeper.tick(NOW + MINUTE);
    expect(steps).toHaveLength(1);
  });

  it('begins a batch anew after a failure', async () => {
    finished = [batch(1)];
    answers = [{ next: 499, removed: 7, change: null }, new Error('the database is away')];
    await keeper.tick(NOW);
    await expect(keeper.tick(NOW)).rejects.toThrow('away');
    await keeper.tick(NOW);
    expect(steps.map(({ after }) => after)).toEqual([-1, 499, -1]);
  });

  it('looks for documents that nobody needs at every tick, and does nothing twice at once', async () => {
    await Promise.all([keeper.tick(NOW), keeper.tick(NOW)]);
    await keeper.tick(NOW);
    expect(sweeps).toBe(2);
  });
});
