import { Injectable } from '@nestjs/common';
import { isRunningWorker, SILENCE_LIMIT, type Slip, versionToPublish, type WorkerHeartbeat } from '#libs/contracts';
import type { WorkerProcess } from '#libs/messaging';

/** The heartbeat of a worker that has been silent for this many times the limit is deleted. */
const DELETE_AFTER = 80;

interface Watched {
  readonly heartbeat: WorkerHeartbeat;
  readonly firstSeen: number;
  readonly changedAt: number;
}

const processOf = ({ worker, process = '' }: WorkerProcess): string => `${worker}.${process}`;

/**
 * Knows which workers are running: those whose heartbeat has changed recently by the clock of this process, because the
 * clocks of workers may be wrong. Times are in milliseconds, on a clock that is never set.
 */
@Injectable()
export class WorkerWatch {
  private readonly workers = new Map<string, Watched>();
  private running: readonly WorkerHeartbeat[] = [];
  private readonly servedSince = new Map<string, number>();
  /** Newest generation of each run that a worker lists. */
  private held = new Map<number, number>();
  private isKnown = false;

  /** Adds the present heartbeats; returns the processes whose heartbeats can be deleted. */
  update(heartbeats: readonly WorkerHeartbeat[], now: number): WorkerProcess[] {
    const names = new Set(heartbeats.map(processOf));
    for (const worker of this.workers.keys()) if (!names.has(worker)) this.workers.delete(worker);
    for (const heartbeat of heartbeats) {
      const known = this.workers.get(processOf(heartbeat));
      const isNew = known?.heartbeat.at !== heartbeat.at;
      this.workers.set(processOf(heartbeat), {
        heartbeat,
        firstSeen: known?.firstSeen ?? now,
        changedAt: isNew ? now : known.changedAt,
      });
    }
    const watched = [...this.workers.values()];
    this.running = watched
      .filter(({ changedAt }) => isRunningWorker(now - changedAt))
      .map(({ heartbeat }) => heartbeat);
    this.followApps(new Set(this.running.flatMap(({ apps }) => apps)), now);
    this.held = heldRuns(this.running);
    this.isKnown = true;
    return watched
      .filter(({ changedAt }) => now - changedAt > SILENCE_LIMIT * DELETE_AFTER)
      .map(({ heartbeat: { worker, process } }) => ({ worker, process }));
  }

  /** Whether a running worker lists a stage of a run, in this generation or a newer one. */
  holds(run: number, generation: number): boolean {
    return (this.held.get(run) ?? 0) >= generation;
  }

  /** Whether a running worker serves an app; true for every app before the first heartbeats were read. */
  serves(app: string): boolean {
    return !this.isKnown || this.servedSince.has(app);
  }

  /**
   * Ids that two running workers have at the same time. A worker that was killed and started again is not one: the
   * heartbeat of its first process has not changed since the second one appeared.
   */
  sharedIds(): string[] {
    const running = this.running.map((heartbeat) => this.workers.get(processOf(heartbeat))!);
    const overlapping = running.filter(({ heartbeat, changedAt, firstSeen }) =>
      running.some(
        (other) =>
          other.heartbeat.worker === heartbeat.worker &&
          other.heartbeat.process !== heartbeat.process &&
          changedAt > other.firstSeen &&
          other.changedAt > firstSeen,
      ),
    );
    return [...new Set(overlapping.map(({ heartbeat: { worker } }) => worker))];
  }

  /** The highest `v` that all running workers read: a message with a higher one must not be published yet. */
  readByAll(): Slip['v'] {
    return versionToPublish(this.running.map(({ reads }) => reads)) as Slip['v'];
  }

  /** For how many milliseconds running workers have served an app without a break; 0 when none does. */
  servedFor(app: string, now: number): number {
    return now - (this.servedSince.get(app) ?? now);
  }

  private followApps(served: ReadonlySet<string>, now: number): void {
    for (const app of this.servedSince.keys()) if (!served.has(app)) this.servedSince.delete(app);
    for (const app of served) if (!this.servedSince.has(app)) this.servedSince.set(app, now);
  }
}

function heldRuns(running: readonly WorkerHeartbeat[]): Map<number, number> {
  const held = new Map<number, number>();
  for (const { run, generation } of running.flatMap(({ inFlight }) => inFlight)) {
    // A raw replay has no generation of its own, so it may be any.
    const newest = generation === 0 ? Number.POSITIVE_INFINITY : generation;
    held.set(run, Math.max(held.get(run) ?? 0, newest));
  }
  return held;
}
