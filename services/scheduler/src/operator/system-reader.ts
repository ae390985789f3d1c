import { Inject, Injectable } from '@nestjs/common';
import { isRunningWorker, type WorkerHeartbeat } from '#libs/contracts';
import { ExplainRepository } from '#libs/database';
import { Control, NatsLink } from '#libs/messaging';
import { monotonicNow } from '#libs/runtime';
import { AppCapacity } from '../admission/app-capacity.js';
import { RecorderProgress, unrecordedEvents } from '../recorder/recorder-progress.js';
import { WorkerWatch } from '../sweeper/worker-watch.js';
import { STALLED_AFTER } from './batch-block.js';
import { RecentActivity } from './recent-activity.js';
import type { SystemStatus } from './situation.js';

@Injectable()
export class SystemReaderParts {
  @Inject() readonly status!: ExplainRepository;
  @Inject() readonly capacity!: AppCapacity;
  @Inject() readonly progress!: RecorderProgress;
  @Inject() readonly link!: NatsLink;
  @Inject() readonly activity!: RecentActivity;
  @Inject() readonly workers!: WorkerWatch;
}

/** Reads the state of the workers, the apps and the recorder. */
@Injectable()
export class SystemReader {
  constructor(private readonly parts: SystemReaderParts) {}

  async runningWorkers(): Promise<WorkerHeartbeat[]> {
    const control = await Control.open(this.parts.link.connection);
    return (await control.heartbeats()).filter(({ age }) => isRunningWorker(age));
  }

  /** A broker that does not answer has no running workers. */
  async now(heartbeats?: readonly WorkerHeartbeat[]): Promise<SystemStatus> {
    const [now, running, credits, lag] = await Promise.all([
      this.parts.status.now(),
      heartbeats ?? this.runningWorkers().catch(() => []),
      this.parts.capacity.now(),
      this.lag().catch(() => null),
    ]);
    const workers = new Map<string, string[]>();
    for (const { worker, apps } of running) {
      for (const app of apps) workers.set(app, [...new Set([...(workers.get(app) ?? []), worker])]);
    }
    const refusals = [this.parts.link.refusal(), ...running.map(({ refusal }) => refusal)];
    const [refusal = null] = refusals.filter((found) => !!found).toSorted((a, b) => a.since - b.since);
    const seen = this.parts.activity.seen(now, monotonicNow());
    const [heldBatches, blockingSessions] = await Promise.all([
      this.parts.status.batchesOf(running.flatMap(({ inFlight }) => inFlight.map(({ run }) => run))),
      now - seen.recordedAt > STALLED_AFTER ? this.parts.status.blockingSessions() : [],
    ]);
    return {
      now,
      workers,
      sharedIds: this.parts.workers.sharedIds(),
      credits,
      lag,
      refusal,
      activity: { ...seen, heldBatches, blockingSessions },
    };
  }

  /** 0 before the recorder has begun to read. */
  private async lag(): Promise<number> {
    const state = await this.parts.progress.state();
    if (!state) return 0;
    const lag = unrecordedEvents(state);
    this.parts.activity.observeRecorder({ recorded: state.recorded, lag }, monotonicNow());
    return lag;
  }
}
