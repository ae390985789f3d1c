import { Injectable } from '@nestjs/common';
import { HEARTBEAT_SECONDS, type WorkerHeartbeat } from '#libs/contracts';
import { ExplainRepository } from '#libs/database';
import { Control, NatsLink } from '#libs/messaging';
import { monotonicNow } from '#libs/runtime';
import { AppCapacity } from '../admission/app-capacity.js';
import { RecorderProgress, unrecordedEvents } from '../recorder/recorder-progress.js';
import { STALLED_AFTER } from './batch-block.js';
import { RecentActivity } from './recent-activity.js';
import type { SystemStatus } from './situation.js';

const SECOND = 1000;
/** A worker whose last heartbeat is older has died. */
const DEAD_AFTER = 4 * HEARTBEAT_SECONDS * SECOND;

/** Reads the state of the workers, the apps and the recorder. */
@Injectable()
export class SystemReader {
  constructor(
    private readonly status: ExplainRepository,
    private readonly capacity: AppCapacity,
    private readonly progress: RecorderProgress,
    private readonly link: NatsLink,
    private readonly activity: RecentActivity,
  ) {}

  async runningWorkers(): Promise<WorkerHeartbeat[]> {
    const control = await Control.open(this.link.connection);
    const now = Date.now();
    return (await control.heartbeats()).filter(({ at }) => now - at < DEAD_AFTER);
  }

  /** A broker that does not answer has no running workers. */
  async now(heartbeats?: readonly WorkerHeartbeat[]): Promise<SystemStatus> {
    const [now, running, credits, lag] = await Promise.all([
      this.status.now(),
      heartbeats ?? this.runningWorkers().catch(() => []),
      this.capacity.now(),
      this.lag().catch(() => null),
    ]);
    const workers = new Map<string, string[]>();
    for (const { worker, apps } of running) {
      for (const app of apps) workers.set(app, [...(workers.get(app) ?? []), worker]);
    }
    const refusals = [this.link.refusal(), ...running.map(({ refusal }) => refusal)];
    const [refusal = null] = refusals.filter((found) => !!found).toSorted((a, b) => a.since - b.since);
    const seen = this.activity.seen(now, monotonicNow());
    const [heldBatches, blockingSessions] = await Promise.all([
      this.status.batchesOf(running.flatMap(({ inFlight }) => inFlight.map(({ run }) => run))),
      now - seen.recordedAt > STALLED_AFTER ? this.status.blockingSessions() : [],
    ]);
    return { now, workers, credits, lag, refusal, activity: { ...seen, heldBatches, blockingSessions } };
  }

  /** 0 before the recorder has begun to read. */
  private async lag(): Promise<number> {
    const state = await this.progress.state();
    if (!state) return 0;
    const lag = unrecordedEvents(state);
    this.activity.observeRecorder({ recorded: state.recorded, lag }, monotonicNow());
    return lag;
  }
}
