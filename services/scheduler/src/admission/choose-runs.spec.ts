import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, chooseRuns, MAX_CLAIM } from './choose-runs.js';
import { Credits, type Load, type Place } from './credits.js';

const creditsOf = (slots: Record<string, number>, loads: readonly Load[] = []) =>
  new Credits({ slots: new Map(Object.entries(slots)), durations: new Map(), unserved: new Set() }, loads);
const batch = (
  id: number,
  { waiting = 1000, ...change }: Partial<Omit<Candidate, 'waiting'>> & { waiting?: number } = {},
) => ({
  id,
  pass: 0,
  weight: 100,
  route: ['shots'],
  waiting: [{ nextIndex: 0, count: waiting }],
  ...change,
});
const counts = (candidates: readonly Candidate[], credits: Credits) =>
  Object.fromEntries(chooseRuns(candidates, credits).map(({ batch: id, count }) => [id, count]));

describe('chooseRuns', () => {
  it('shares equally between batches of equal weight', () => {
    expect(counts([batch(1), batch(2)], creditsOf({ shots: 5 }))).toEqual({ 1: 5, 2: 5 });
  });

  it('gives a batch with four times the weight four times the runs', () => {
    expect(counts([batch(1, { weight: 400 }), batch(2)], creditsOf({ shots: 5 }))).toEqual({ 1: 8, 2: 2 });
  });

  it('does not keep a later batch waiting behind a huge one', () => {
    const huge = batch(1, { pass: 50_000, waiting: 100_000 });
    expect(counts([huge, batch(2, { pass: 50_000, waiting: 3 })], creditsOf({ shots: 5 }))[2]).toBe(3);
  });

  it('chooses no run that has to wait for a full app, and does not affect other routes', () => {
    const loads = [{ batch: 3, route: ['text'], nextIndex: 0, count: 2 }];
    const candidates = [batch(1, { route: ['text', 'shots'] }), batch(2)];
    expect(counts(candidates, creditsOf({ shots: 2, text: 1 }, loads))).toEqual({ 2: 4 });
  });

  it('chooses the furthest stage first, in whatever order the stages are listed', () => {
    const route = ['a', 'b', 'c'];
    const groups = [1, 2, 0].map((nextIndex) => ({ nextIndex, count: 1 }));
    const credits = () => creditsOf({ a: 5, b: 5, c: 5 });
    const chosen = chooseRuns([{ ...batch(1), route, waiting: groups }], credits());
    expect(chosen.map(({ nextIndex }) => nextIndex)).toEqual([2, 1, 0]);
  });

  it('lists no stage of which it has chosen nothing', () => {
    const waiting = [
      { nextIndex: 0, count: 5 },
      { nextIndex: 1, count: 5 },
    ];
    const loads = [{ batch: 9, route: ['text'], nextIndex: 0, count: 2 }];
    const chosen = chooseRuns(
      [{ ...batch(1), route: ['shots', 'text'], waiting }],
      creditsOf({ shots: 1, text: 1 }, loads),
    );
    expect(chosen.every(({ count }) => count > 0)).toBe(true);
  });

  it('begins with the earlier of two batches with the same pass', () => {
    expect(chooseRuns([batch(1), batch(2)], creditsOf({ shots: 5 })).map(({ batch: id }) => id)).toEqual([1, 2]);
    expect(counts([batch(1), batch(2)], creditsOf({ shots: 1 }))).toEqual({ 1: 1, 2: 1 });
  });

  it('does not choose more runs than are waiting', () => {
    expect(counts([batch(1, { waiting: 2 })], creditsOf({ shots: 5 }))).toEqual({ 1: 2 });
  });

  it('chooses at most one claim of runs', () => {
    expect(counts([batch(1, { waiting: 10_000 })], creditsOf({ shots: 10_000 }))).toEqual({ 1: MAX_CLAIM });
  });

  it('chooses a retry of a later stage while the first app is full or paused', () => {
    const waiting = [
      { nextIndex: 0, count: 10 },
      { nextIndex: 2, count: 1 },
    ];
    const mixed = { ...batch(1), route: ['slow', 'text', 'fast'], waiting };
    for (const slow of [4, 0]) {
      const loads = [{ batch: 1, route: mixed.route, nextIndex: 0, count: slow * 2 }];
      expect(chooseRuns([mixed], creditsOf({ slow, text: 1, fast: 1 }, loads))).toEqual([
        { batch: 1, nextIndex: 2, count: 1 },
      ]);
    }
  });

  it('chooses runs that are further along first', () => {
    const waiting = [0, 1].map((nextIndex) => ({ nextIndex, count: 2 }));
    const chosen = chooseRuns([{ ...batch(1), route: ['shots', 'shots'], waiting }], creditsOf({ shots: 1 }));
    expect(chosen).toEqual([{ batch: 1, nextIndex: 1, count: 2 }]);
  });
});

const APPS = ['a', 'b', 'c', 'd'];
const route = fc.uniqueArray(fc.constantFrom(...APPS), { minLength: 1, maxLength: 4 });
const groups = fc.array(fc.nat({ max: 40 }), { minLength: 4, maxLength: 4 });
const situations = fc.record({
  slots: fc.array(fc.nat({ max: 6 }), { minLength: 4, maxLength: 4 }),
  durations: fc.array(fc.option(fc.integer({ min: 1, max: 60_000 })), { minLength: 4, maxLength: 4 }),
  unserved: fc.subarray(APPS),
  batches: fc.array(fc.record({ route, waiting: groups, running: groups, pass: fc.nat(100) }), { maxLength: 8 }),
});
type Drawn = typeof situations extends fc.Arbitrary<infer Value> ? Value : never;

function build({ slots, durations, unserved, batches }: Drawn) {
  const apps = {
    slots: new Map(APPS.map((app, position) => [app, slots[position]!])),
    durations: new Map(APPS.flatMap((app, position) => (durations[position] ? [[app, durations[position]]] : []))),
    unserved: new Set(unserved),
  };
  const loads = batches.flatMap((drawn, id) =>
    drawn.route.map((_, nextIndex) => ({ batch: id, route: drawn.route, nextIndex, count: drawn.running[nextIndex]! })),
  );
  const candidates = batches.map((drawn, id) => ({
    id,
    pass: drawn.pass,
    weight: 100,
    route: drawn.route,
    waiting: drawn.route.map((_, nextIndex) => ({ nextIndex, count: drawn.waiting[nextIndex]! })),
  }));
  return { apps, loads, candidates };
}

describe('for every situation, chooseRuns', () => {
  const property = (check: (built: ReturnType<typeof build>, credits: Credits) => void) =>
    fc.assert(
      fc.property(situations, (drawn) => {
        const built = build(drawn);
        check(built, new Credits(built.apps, built.loads));
      }),
      { numRuns: 300 },
    );

  it('leaves only runs that have to wait for a full app', () => {
    property(({ candidates }, credits) => {
      const chosen = chooseRuns(candidates, credits);
      if (chosen.reduce((sum, { count }) => sum + count, 0) === MAX_CLAIM) return;
      for (const { id, route: apps, waiting } of candidates) {
        for (const { nextIndex, count } of waiting) {
          const taken = chosen.find((one) => one.batch === id && one.nextIndex === nextIndex)?.count ?? 0;
          expect(taken).toBeLessThanOrEqual(count);
          const isFull = credits.fullApp({ batch: id, route: apps, nextIndex }) !== null;
          expect(taken === count || isFull).toBe(true);
        }
      }
    });
  });

  const places = ({ candidates }: ReturnType<typeof build>) =>
    candidates.flatMap(({ route: all }) => all.map((_, nextIndex) => ({ batch: -1, route: all, nextIndex })));
  const isStopped = ({ apps }: ReturnType<typeof build>, app: string) =>
    apps.unserved.has(app) || apps.slots.get(app) === 0;

  it('lets no batch without runs in progress wait for a stopped later app', () => {
    property((built, credits) => {
      const waits = (place: Place) => {
        const full = credits.fullApp(place);
        return full !== null && full !== place.route[place.nextIndex] && isStopped(built, full);
      };
      expect(places(built).filter(waits)).toEqual([]);
    });
  });

  it('lets no batch wait because of runs that have a later app ahead of them but are at a stopped one', () => {
    property((built, credits) => {
      const cut = built.loads.map((load) => {
        const app = load.route[load.nextIndex]!;
        return isStopped(built, app) ? { ...load, route: [app], nextIndex: 0 } : load;
      });
      const others = new Credits(built.apps, cut);
      const full = (some: Credits) => places(built).map((place) => some.fullApp(place));
      expect(full(credits)).toEqual(full(others));
    });
  });

  it('chooses 500 of 400 batches through eight apps without a pass over all pairs', () => {
    const eight = Array.from({ length: 8 }, (_, position) => `app-${position}`);
    const candidates = Array.from({ length: 400 }, (_, id) => ({
      ...batch(id),
      route: eight,
      waiting: eight.map((_, nextIndex) => ({ nextIndex, count: 500 })),
    }));
    const slots = Object.fromEntries(eight.map((app) => [app, 400]));
    let asked = 0;
    const credits = creditsOf(slots);
    const counting = Object.assign(Object.create(credits) as Credits, {
      fullApp: (place: Load) => {
        asked += 1;
        return credits.fullApp(place);
      },
      add: (place: Load, count: number) => credits.add(place, count),
    });
    const chosen = chooseRuns(candidates, counting);
    expect(chosen.reduce((sum, { count }) => sum + count, 0)).toBe(MAX_CLAIM);
    expect(asked).toBeLessThanOrEqual(MAX_CLAIM + candidates.length * eight.length);
  });
});
