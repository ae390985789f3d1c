import { describe, expect, it } from '@jest/globals';
import { type Apps, Credits, type Load } from './credits.js';

interface Situation {
  readonly slots: Record<string, number>;
  readonly durations?: Record<string, number>;
  readonly unserved?: readonly string[];
}
const apps = ({ slots, durations = {}, unserved = [] }: Situation): Apps => ({
  slots: new Map(Object.entries(slots)),
  durations: new Map(Object.entries(durations)),
  unserved: new Set(unserved),
});
/** `count` runs of a batch at the first app of the rest of their route. */
const load = (batch: number, route: string[], count: number, nextIndex = 0): Load => ({
  batch,
  route,
  nextIndex,
  count,
});
/** How many runs of one more place are admitted. */
function admitted(situation: Situation, loads: readonly Load[], place: Omit<Load, 'count'>): number {
  const credits = new Credits(apps(situation), loads);
  let count = 0;
  for (; credits.fullApp(place) === null && count < 1000; count += 1) credits.add(place, 1);
  return count;
}

describe('the first app of a route', () => {
  it('has room for two runs per slot', () => {
    expect(admitted({ slots: { shots: 3 } }, [], load(1, ['shots'], 0))).toBe(6);
    expect(admitted({ slots: { shots: 3 } }, [load(2, ['shots'], 4)], load(1, ['shots'], 0))).toBe(2);
  });

  it('has room for the runs that it works off during a cycle', () => {
    expect(admitted({ slots: { shots: 2 }, durations: { shots: 10 } }, [], load(1, ['shots'], 0))).toBe(4 + 2 * 10);
    expect(admitted({ slots: { shots: 2 }, durations: { shots: 60_000 } }, [], load(1, ['shots'], 0))).toBe(4 + 1);
  });

  it('has no room while it is paused or unknown', () => {
    expect(admitted({ slots: { shots: 0 } }, [], load(1, ['shots'], 0))).toBe(0);
    expect(admitted({ slots: {} }, [], load(1, ['shots'], 0))).toBe(0);
  });

  it('is not filled by runs that are on their way to it, or have passed it', () => {
    const loads = [load(2, ['slow', 'fast'], 100), load(3, ['fast', 'text'], 100, 1)];
    const slots = { slow: 4, fast: 1, text: 1 };
    expect(admitted({ slots }, loads, load(1, ['fast'], 0))).toBe(2);
  });

  it('is the app of the next stage of a run that continues', () => {
    const loads = [load(1, ['slow', 'fast'], 8)];
    expect(admitted({ slots: { slow: 4, fast: 1 } }, loads, load(1, ['slow', 'fast'], 0, 1))).toBe(2);
    expect(admitted({ slots: { slow: 0, fast: 1 } }, loads, load(1, ['slow', 'fast'], 0, 1))).toBe(2);
  });
});

describe('a later app', () => {
  const twoStages = ['shots', 'text'];

  it('shares its room between the runs at it and those on the way', () => {
    const slots = { shots: 10, text: 3 };
    const loads = [load(2, twoStages, 10), load(2, twoStages, 2, 1)];
    // Six, of which ten are on the way and two are there: only the few runs that every batch may have are left.
    expect(admitted({ slots }, loads, load(2, twoStages, 0))).toBe(0);
    expect(admitted({ slots }, [load(2, twoStages, 2, 1)], load(2, twoStages, 0))).toBe(10 - 2);
  });

  it('admits runs on the way to it until its room is full', () => {
    expect(admitted({ slots: { shots: 4, text: 3 } }, [], load(1, twoStages, 0))).toBe(6);
  });

  it.each([
    [10, 1],
    [15, 2],
    [20, 2],
    [1000, 2],
  ])('may be kept busy by a %i ms app when others have filled its room', (quick, runs) => {
    const situation = { slots: { slow: 4, quick: 2, text: 1 }, durations: { slow: 1000, quick, text: 10 } };
    const loads = [load(1, ['slow', 'text'], 100), load(2, ['quick', 'text'], 2, 1)];
    expect(admitted(situation, loads, load(2, ['quick', 'text'], 0))).toBe(runs);
  });

  it('may have as many runs at the app before as keep it busy', () => {
    const slots = { shots: 10, text: 1 };
    const known = (shots: number, text: number) => ({ slots, durations: { shots, text } });
    // Two per slot and one for the cycle, and what keeps it busy: at least the ten slots of the first app here.
    expect(admitted(known(60_000, 60_000), [], load(1, twoStages, 0))).toBe(10);
    expect(admitted(known(600_000, 60_000), [], load(1, twoStages, 0))).toBe(10 + 3);
  });

  it('is not flooded by a fast app with many slots before it, once its own queue is full', () => {
    const situation = { slots: { shots: 100, text: 1 }, durations: { shots: 1, text: 60_000 } };
    expect(admitted(situation, [load(1, twoStages, 3, 1)], load(1, twoStages, 0))).toBe(0);
    expect(admitted(situation, [load(1, twoStages, 3, 1)], load(2, twoStages, 0))).toBe(0);
  });

  it('does not count an app that is twice on a route twice', () => {
    const twice = ['shots', 'text', 'shots'];
    expect(admitted({ slots: { shots: 2, text: 9 } }, [], load(1, twice, 0))).toBe(4);
    const ahead = (app: string, route: string[]) =>
      new Credits(apps({ slots: { shots: 2, text: 9 } }), [load(1, route, 3)]).runsAhead(app);
    expect(ahead('shots', twice)).toBe(3);
    expect(ahead('text', ['shots', 'text', 'text'])).toBe(3);
  });

  it('lets a batch through up to the slots of its first app while it is paused or unserved', () => {
    expect(admitted({ slots: { shots: 3, text: 0 } }, [], load(1, twoStages, 0))).toBe(3);
    expect(admitted({ slots: { shots: 3, text: 0 } }, [load(1, twoStages, 2, 1)], load(1, twoStages, 0))).toBe(1);
    const route = ['ocr', ...twoStages];
    expect(admitted({ slots: { ocr: 9, shots: 3, text: 0 } }, [load(1, route, 5)], load(1, route, 0, 1))).toBe(3);
    const unserved = { slots: { shots: 3, text: 1 }, unserved: ['text'] };
    expect(admitted(unserved, [load(2, twoStages, 2, 1)], load(1, twoStages, 0))).toBe(3);
  });
});

describe('batches that share a later app', () => {
  const slots = { slow: 4, quick: 1, fast: 1 };
  const durations = { slow: 60_000, quick: 100, fast: 100 };
  const many = (change: Partial<Load> = {}) => ({ ...load(1, ['slow', 'fast'], 8), ...change });
  const other = load(2, ['quick', 'fast'], 0);

  it('are all admitted, also before the durations of the apps are known', () => {
    expect(admitted({ slots }, [many()], other)).toBeGreaterThanOrEqual(1);
    expect(admitted({ slots, durations }, [many()], other)).toBeGreaterThanOrEqual(1);
  });

  it('keep a slow first app busy before the durations are known', () => {
    expect(admitted({ slots }, [], load(1, ['slow', 'fast'], 0))).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['paused', { slots: { ...slots, slow: 0 } }, many()],
    ['unserved', { slots, unserved: ['slow'] }, many()],
    ['held', { slots }, many({ held: true })],
  ])('are not delayed at all by runs at an app that is %s for them', (_, situation, load1) => {
    const alone = admitted(situation, [], other);
    expect(admitted(situation, [load1], other)).toBe(alone);
    expect(alone).toBe(2);
  });
});

describe('the number of runs ahead', () => {
  it('includes runs at an app and all runs on the way to it', () => {
    const loads = [load(1, ['shots', 'text'], 3), load(2, ['text'], 2), { ...load(3, ['ocr', 'text'], 4), held: true }];
    const credits = new Credits(apps({ slots: { shots: 1, text: 1, ocr: 1 } }), loads);
    expect(['shots', 'text', 'other'].map((app) => credits.runsAhead(app))).toEqual([3, 9, 0]);
  });
});
