/** Runs per slot of an app: one being processed, one ready to follow. */
const RUNS_PER_SLOT = 2;
/** From the end of a stage until the next run arrives: recorder, admission and transit. */
const CYCLE_MS = 100;

/** The apps at one moment, by slug. */
export interface Apps {
  /** Files that each app processes at a time; 0 for a paused app. */
  readonly slots: ReadonlyMap<string, number>;
  /** How long each app takes for a file, in milliseconds; an app that has not finished a file yet is missing. */
  readonly durations: ReadonlyMap<string, number>;
  /** Apps that no running worker serves. */
  readonly unserved: ReadonlySet<string>;
}

/** Runs of a batch at the same next stage. */
export interface Place {
  readonly batch: number;
  /** The apps of the pipeline, in stage order. */
  readonly route: readonly string[];
  readonly nextIndex: number;
}

/** Runs in progress; `held`: their batch is held at their next stage. */
export interface Load extends Place {
  readonly count: number;
  readonly held?: boolean;
}

/**
 * Free capacity of the apps. Three rules decide whether a run may be admitted; its route begins at its own next stage.
 *
 *  1. The first app of its route must have room for it: twice its slots, plus what it works off during one cycle
 *     (Little's law). Only runs at this app count, so runs that wait for other apps never keep it idle.
 *  2. Later apps must not be flooded. Each has the same room, shared by the runs at it and those on the way. An app
 *     before it may have as many runs for it as keep it busy (Little's law again, at most its own slots); only what
 *     exceeds that takes from the shared room. A run at a paused, held or unserved app will not arrive, so it takes
 *     nothing from later apps.
 *  3. As long as its batch has fewer runs in progress than its first app has slots, rule 2 only asks whether the runs
 *     at the later app itself fill it, and nothing if that app is paused or unserved.
 */
export class Credits {
  /** Runs in progress whose next stage is at an app. */
  private readonly present = new Map<string, number>();
  /** Runs on the way to an app, by the app where they are. */
  private readonly coming = new Map<string, Map<string, number>>();
  /** Runs in progress of each batch, by next stage. */
  private readonly batches = new Map<number, number[]>();
  /** All runs in progress that still have to pass an app, also those that take nothing from it. */
  private readonly ahead = new Map<string, number>();

  constructor(
    private readonly apps: Apps,
    loads: readonly Load[],
  ) {
    for (const load of loads) this.add(load, load.count, load.held);
  }

  /** Counts more runs in progress at a place. */
  add({ batch, route, nextIndex }: Place, count: number, held = false): void {
    const first = route[nextIndex];
    if (first === undefined) return;
    increase(this.present, first, count);
    increase(this.ahead, first, count);
    const willArrive = !held && !this.isStopped(first);
    for (const app of laterApps(route, nextIndex)) {
      increase(this.ahead, app, count);
      if (!willArrive) continue;
      const coming = this.coming.get(app) ?? new Map<string, number>();
      this.coming.set(app, coming);
      increase(coming, first, count);
    }
    const stages = this.batches.get(batch) ?? [];
    this.batches.set(batch, stages);
    stages[nextIndex] = (stages[nextIndex] ?? 0) + count;
  }

  /** The app that a run has to wait for; null when it can be admitted. */
  fullApp(place: Place): string | null {
    const first = place.route[place.nextIndex];
    if (first === undefined) return null;
    if (!this.hasRoom(first)) return first;
    const isFew = this.inProgress(place) < this.slots(first);
    const admits = (app: string) => this.mayFollow(first, app) || (isFew && (this.isStopped(app) || this.hasRoom(app)));
    return laterApps(place.route, place.nextIndex).find((app) => !admits(app)) ?? null;
  }

  /** Runs in progress that still have to pass an app. A run counts once, even if the app is on its route twice. */
  runsAhead(app: string): number {
    return this.ahead.get(app) ?? 0;
  }

  private slots(app: string): number {
    return this.apps.slots.get(app) ?? 0;
  }

  /** A run at this app does not continue for now. */
  private isStopped(app: string): boolean {
    return this.slots(app) === 0 || this.apps.unserved.has(app);
  }

  private limit(app: string): number {
    const duration = this.apps.durations.get(app);
    return this.slots(app) * RUNS_PER_SLOT + (duration ? Math.ceil((this.slots(app) * CYCLE_MS) / duration) : 0);
  }

  private hasRoom(app: string): boolean {
    return (this.present.get(app) ?? 0) < this.limit(app);
  }

  /** Whether one more run at `first` may be on its way to `app`. */
  private mayFollow(first: string, app: string): boolean {
    const coming = this.coming.get(app) ?? new Map<string, number>();
    if (this.hasRoom(app) && (coming.get(first) ?? 0) < this.feeding(first, app)) return true;
    let free = this.limit(app) - (this.present.get(app) ?? 0);
    for (const [other, count] of coming) free -= Math.max(0, count - this.feeding(other, app));
    return free > 0;
  }

  /** Runs at an app that keep a later one busy; a fast app before a slow one needs one only. */
  private feeding(first: string, app: string): number {
    const [own, later] = [this.apps.durations.get(first), this.apps.durations.get(app)];
    if (own === undefined || later === undefined) return 0;
    return Math.min(this.slots(first), Math.ceil((this.slots(app) * own) / later));
  }

  /** Runs of the batch in progress at this stage or a later one. */
  private inProgress({ batch, nextIndex }: Place): number {
    return (this.batches.get(batch) ?? []).slice(nextIndex).reduce((sum, count) => sum + count, 0);
  }
}

const laterApps = (route: readonly string[], nextIndex: number): string[] =>
  [...new Set(route.slice(nextIndex + 1))].filter((app) => app !== route[nextIndex]);

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
