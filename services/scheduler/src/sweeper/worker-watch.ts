import type { WorkerHeartbeat } from '#libs/contracts';

/** A dead worker's heartbeat is of no use to anybody after so many times the patience. */
const FORGET_AFTER = 20;

interface Watched {
  heartbeat: WorkerHeartbeat;
  changedAt: number;
}

/**
 * Tells which workers live: those whose heartbeat has changed lately by the clock of this process, because theirs may
 * be wrong. Times are milliseconds since 1970.
 */
export class WorkerWatch {
  private readonly workers = new Map<string, Watched>();
  private readonly servedSince = new Map<string, number>();
  /** Newest generation that is held of each run. */
  private held = new Map<number, number>();

  /** `patience`: how long a worker may be silent, in milliseconds. */
  constructor(private readonly patience: number) {}

  /** Takes in the heartbeats of this moment; returns the workers that are long gone. */
  see(heartbeats: readonly WorkerHeartbeat[], now: number): string[] {
    const names = new Set(heartbeats.map(({ worker }) => worker));
    for (const worker of this.workers.keys()) if (!names.has(worker)) this.workers.delete(worker);
    for (const heartbeat of heartbeats) {
      const known = this.workers.get(heartbeat.worker);
      const isNew = known?.heartbeat.at !== heartbeat.at;
      this.workers.set(heartbeat.worker, { heartbeat, changedAt: isNew ? now : known.changedAt });
    }
    const watched = [...this.workers.values()];
    const live = watched.filter(({ changedAt }) => now - changedAt < this.patience).map(({ heartbeat }) => heartbeat);
    this.followApps(new Set(live.flatMap(({ apps }) => apps)), now);
    this.held = heldRuns(live);
    return watched
      .filter(({ changedAt }) => now - changedAt > this.patience * FORGET_AFTER)
      .map(({ heartbeat }) => heartbeat.worker);
  }

  /** Whether a live worker holds a stage of a run, in this generation or a newer one. */
  holds(run: number, generation: number): boolean {
    return (this.held.get(run) ?? 0) >= generation;
  }

  /** For how many milliseconds live workers have served an app without a break; 0 when none does. */
  servedFor(app: string, now: number): number {
    return now - (this.servedSince.get(app) ?? now);
  }

  private followApps(served: ReadonlySet<string>, now: number): void {
    for (const app of this.servedSince.keys()) if (!served.has(app)) this.servedSince.delete(app);
    for (const app of served) if (!this.servedSince.has(app)) this.servedSince.set(app, now);
  }
}

function heldRuns(live: readonly WorkerHeartbeat[]): Map<number, number> {
  const held = new Map<number, number>();
  for (const { run, generation } of live.flatMap(({ inFlight }) => inFlight)) {
    // A raw replay does not say its generation: it may be any.
    const newest = generation === 0 ? Number.POSITIVE_INFINITY : generation;
    held.set(run, Math.max(held.get(run) ?? 0, newest));
  }
  return held;
}
