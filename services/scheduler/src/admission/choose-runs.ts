import { stride } from '#libs/contracts';

/** How many runs one claim takes at most: they are published in parallel inside one short transaction. */
export const MAX_CLAIM = 500;
/** Runs that may be under way per slot of an app: one works, one is ready to follow. */
const RUNS_PER_SLOT = 2;

/** A batch that has runs waiting; `apps` are the slugs of its route. */
export interface Candidate {
  readonly id: number;
  readonly pass: number;
  readonly weight: number;
  readonly waiting: number;
  readonly apps: readonly string[];
}

/** Runs that stand before stage `nextIndex` of a route. */
export interface Load {
  readonly apps: readonly string[];
  readonly nextIndex: number;
  readonly count: number;
}

/** Runs under way that have an app still ahead of them, by app. */
export function runsAhead(loads: readonly Load[]): Map<string, number> {
  const ahead = new Map<string, number>();
  for (const { apps, nextIndex, count } of loads) {
    for (const app of new Set(apps.slice(nextIndex))) ahead.set(app, (ahead.get(app) ?? 0) + count);
  }
  return ahead;
}

/** What is known of the apps: how many files each works on at once, and how long it takes for one, in milliseconds. */
export interface Apps {
  readonly slots: ReadonlyMap<string, number>;
  /** Nothing of an app that has done nothing yet. */
  readonly durations: ReadonlyMap<string, number>;
}

/**
 * Free credits per app: a run under way holds one on every app still ahead of it. An app gets twice its slots, and what
 * the apps before it work on meanwhile: without that, several apps in a row would never be busy all at once.
 */
export function freeCredits({ slots, durations }: Apps, loads: readonly Load[]): Map<string, number> {
  const ahead = runsAhead(loads);
  const before = appsBefore(loads);
  const free = ([app, count]: readonly [string, number]): [string, number] => {
    const onTheWay = [...(before.get(app) ?? [])].reduce((sum, other) => sum + feeding(other, app), 0);
    return [app, count * RUNS_PER_SLOT + onTheWay - (ahead.get(app) ?? 0)];
  };
  // By Little's law, and never more than it works on: a fast app before a slow one needs no more than a few.
  const feeding = (other: string, app: string): number => {
    const [own, others] = [durations.get(app), durations.get(other)];
    if (own === undefined || others === undefined) return 0;
    return Math.min(slots.get(other) ?? 0, Math.ceil(((slots.get(app) ?? 0) * others) / own));
  };
  return new Map([...slots].map(free));
}

/** Apps that runs under way pass before each app. */
function appsBefore(loads: readonly Load[]): Map<string, Set<string>> {
  const before = new Map<string, Set<string>>();
  for (const { apps } of loads) {
    for (const [position, app] of apps.entries()) {
      const known = before.get(app) ?? new Set();
      before.set(app, known);
      apps.slice(0, position).forEach((other) => other !== app && known.add(other));
    }
  }
  return before;
}

/**
 * Which run next? Stride scheduling: the batch with the lowest pass gives one run, and its pass grows by its
 * stride; a batch without a credit on every app of its route waits. Returns how many runs each batch
 * gives, in the order in which the batches were first chosen.
 */
export function chooseRuns(
  candidates: readonly Candidate[],
  credits: ReadonlyMap<string, number>,
): Map<number, number> {
  const free = new Map(credits);
  const chosen = new Map<number, number>();
  const open = candidates.map((candidate) => ({ ...candidate }));
  const hasCredit = (apps: readonly string[]) => apps.every((app) => (free.get(app) ?? 0) > 0);
  for (let total = 0; total < MAX_CLAIM; total += 1) {
    const next = open
      .filter(({ waiting, apps }) => waiting > 0 && hasCredit(apps))
      .reduce<(typeof open)[number] | null>(
        (lowest, batch) => (!lowest || batch.pass < lowest.pass ? batch : lowest),
        null,
      );
    if (!next) break;
    chosen.set(next.id, (chosen.get(next.id) ?? 0) + 1);
    next.pass += stride(next.weight);
    next.waiting -= 1;
    for (const app of new Set(next.apps)) free.set(app, free.get(app)! - 1);
  }
  return chosen;
}
