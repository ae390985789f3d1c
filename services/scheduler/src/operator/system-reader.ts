import { Inject, Injectable } from '@nestjs/common';
import { isRunningWorker, type WorkerHeartbeat } from '#libs/contracts';
import { type BlockingSession, ExplainRepository } from '#libs/database';
import { Control, NatsLink } from '#libs/messaging';
import { monotonicNow } from '#libs/runtime';
import { AppCapacity } from '../admission/app-capacity.js';
import { RecorderProgress, unrecordedEvents } from '../recorder/recorder-progress.js';
import { WorkerWatch } from '../sweeper/worker-watch.js';
import { RecentActivity } from './recent-activity.js';
import type { ActivityStatus, SystemStatus } from './situation.js';
import { STALLED_AFTER } from './system-block.js';

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
    const [now, running, credits, lag, isCatchingUp] = await Promise.all([
      this.parts.status.now(),
      heartbeats ?? this.runningWorkers().catch(() => []),
      this.parts.capacity.now(),
      this.lag().catch(() => null),
      this.isCatchingUp().catch(() => false),
    ]);
    const workers = new Map<string, string[]>();
    for (const { worker, apps } of running) {
      for (const app of apps) workers.set(app, [...new Set([...(workers.get(app) ?? []), worker])]);
    }
    const refusals = [this.parts.link.refusal(), ...running.map(({ refusal }) => refusal)];
    const [refusal = null] = refusals.filter((found) => !!found).toSorted((a, b) => a.since - b.since);
    const activity = await this.activity(now, running);
    return {
      now,
      workers,
      sharedIds: this.parts.workers.sharedIds(),
      credits,
      lag,
      isCatchingUp,
      refusal,
      activity,
    };
  }

  private async activity(now: number, running: readonly WorkerHeartbeat[]): Promise<ActivityStatus> {
    const { status, activity } = this.parts;
    const seen = activity.seen(now, monotonicNow());
    const [listed, deferred] = await Promise.all([
      status.stagesOf(running.flatMap(({ inFlight }) => inFlight)),
      status.deferred(),
    ]);
    const busySlots = new Map<string, number>();
    for (const { app } of listed) busySlots.set(app, (busySlots.get(app) ?? 0) + 1);
    const heldBatches = new Set(listed.map(({ batch }) => batch));
    const blockingSessions = await this.blockingSessions(now - seen.recordedAt, deferred.size > 0);
    return { ...seen, heldBatches, busySlots, deferred, blockingSessions };
  }

  /** `unrecordedFor`: milliseconds in which nothing was recorded. */
  private async blockingSessions(unrecordedFor: number, hasDeferred: boolean): Promise<BlockingSession[]> {
    const { status } = this.parts;
    const waitedFor = unrecordedFor > STALLED_AFTER ? await status.blockingSessions() : [];
    return waitedFor.length === 0 && hasDeferred ? status.sessionsWithLocks() : waitedFor;
  }

  private async isCatchingUp(): Promise<boolean> {
    return !(await this.parts.progress.hasCaughtUp());
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
