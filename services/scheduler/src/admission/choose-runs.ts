import { stride } from '#libs/contracts';

/** Maximum number of runs per claim: they are published in parallel inside one short transaction. */
export const MAX_CLAIM = 500;
/** Runs in progress per slot of an app: one being processed, one ready to follow. */
const RUNS_PER_SLOT = 2;

/** A batch with waiting runs; `apps` are the slugs of its route. */
export interface Candidate {
  readonly id: number;
  readonly pass: number;
  readonly weight: number;
  readonly waiting: number;
  readonly apps: readonly string[];
}

/** Runs in progress whose next stage is `nextIndex` of a route. */
export interface Load {
  readonly apps: readonly string[];
  readonly nextIndex: number;
  readonly count: number;
}

/** Runs in progress that still have to pass an app, by app. A run counts once, even if the app is on its route twice. */
export function runsAhead(loads: readonly Load[]): Map<string, number> {
  const ahead = new Map<string, number>();
  for (const { apps, nextIndex, count } of loads) {
    for (const app of new Set(apps.slice(nextIndex))) ahead.set(app, (ahead.get(app) ?? 0) + count);
  }
  return ahead;
}

/** The files that each app processes at a time, and how long it takes for one in milliseconds. */
export interface Apps {
  readonly slots: ReadonlyMap<string, number>;
  /** An app that has not finished a file yet is missing. */
  readonly durations: ReadonlyMap<string, number>;
}

/**
 * Free credits per app: a run in progress holds one on every app still ahead of it. An app has twice its slots, plus
 * what the apps before it process meanwhile. With twice the slots alone, eight apps in a row were busy a quarter of the
 * time.
 */
export function freeCredits({ slots, durations }: Apps, loads: readonly Load[]): Map<string, number> {
  const ahead = runsAhead(loads);
  const before = appsBefore(loads);
  const free = ([app, count]: readonly [string, number]): [string, number] => {
    const onTheWay = [...(before.get(app) ?? [])].reduce((sum, other) => sum + feeding(other, app), 0);
    return [app, count * RUNS_PER_SLOT + onTheWay - (ahead.get(app) ?? 0)];
  };
  // Little's law, limited by the slots of the earlier app: a fast app before a slow one adds one run at most, so that a
  // small batch does not wait longer for the slow one.
  const feeding = (other: string, app: string): number => {
    const [own, others] = [durations.get(app), durations.get(other)];
    if (own === undefined || others === undefined) return 0;
    return Math.min(slots.get(other) ?? 0, Math.ceil(((slots.get(app) ?? 0) * others) / own));
  };
  return new Map([...slots].map(free));
}

/** For each app, the other apps that runs in progress pass before it. */
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
 * Which run is next? Stride scheduling: the batch with the lowest pass contributes one run, and its pass grows
 * by its stride; a batch waits while any app of its route has no credit. Returns the number of runs per batch, in the
 * order in which the batches were first chosen.
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
