import { Inject, Injectable } from '@nestjs/common';
import { SweepRepository, type UnsettledStage } from '#libs/database';
import { Control, NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { type LogState, RecorderProgress } from '../recorder/recorder-progress.js';
import { StreamPositions, type WorkPositions } from '../registry/stream-positions.js';
import { LOGGER, SchedulerSettings } from '../scheduler-settings.js';
import { isLostWithStream, isSuspect, type StageSituation, type SweepDecision } from './decide-sweep.js';
import { type Judged, judgeSuspects } from './judge-suspects.js';
import { isRecorded, QuietTimes, unrecordedLoss } from './round-memory.js';
import { cancelledStage, commitSettlement } from './settlements.js';
import { WorkerWatch } from './worker-watch.js';

const SECOND = 1000;
/** Maximum number of runs that a log line names. */
const NAMED_RUNS = 20;

const LOG_MESSAGES: Readonly<Record<Exclude<SweepDecision, 'leave'>, string>> = {
  cancel: 'cancelled stages that no worker was running are settled as cancelled',
  restore: 'lost settlements are restored from the messages of the next stages',
  readmit: 'stages that no worker will finish are admitted again',
};

@Injectable()
export class SweeperParts {
  @Inject() readonly stages!: SweepRepository;
  @Inject() readonly positions!: StreamPositions;
  @Inject() readonly progress!: RecorderProgress;
  @Inject() readonly live!: LivePublisher;
  @Inject() readonly workers!: WorkerWatch;
  @Inject() readonly settings!: SchedulerSettings;
  @Inject() readonly link!: NatsLink;
  @Inject(LOGGER) readonly log!: Logger;
}

/**
 * Finds stages that will not finish by themselves, for example after a stream was deleted, and repairs them. The leader
 * starts a round four times per ack wait; rounds do not overlap. The steps of a round:
 *
 *  1. Store the positions of streams and consumers in Postgres, so that a deleted one is recreated above its old end.
 *  2. Read the heartbeats of the workers. A worker is alive while its heartbeat changes, by this process's clock.
 *  3. Stop here unless Postgres is up to date with the event log of the round before, and with what it held when this
 *     leader began. What was learned about quiet stages is forgotten then, because a stage may be quiet only in Postgres.
 *  4. Read the stages that Postgres considers in progress, and select suspects (`isSuspect`, pure): no running worker
 *     lists the stage, and nothing has changed for an ack wait, or it was cancelled.
 *  5. Ask the broker about the suspects, and decide (`decideSweep`, pure). Action needs evidence: the message is gone,
 *     or acknowledged without a settlement, or delivered and listed by no worker for three ack waits while its app is
 *     served.
 *  6. Act. Cancelled stages are settled. A settlement that only the next stage's message proves is written again, without
 *     a call of the app. All other runs return to waiting, and admission publishes them in a new generation; a
 *     settlement of the old one that arrives before that still counts. Their calls count on, unless a stream was lost.
 *
 * A kill at any step is harmless: settlements are committed once per lineage, a run returns to waiting in one
 * transaction, and the next leader starts with an empty memory, which only delays its first actions.
 */
@Injectable()
export class Sweeper {
  private readonly ackWait: number;
  private quiet = new QuietTimes();
  private before: LogState | undefined;
  private loss = 0;
  private sweeping = false;
  /** Ids that two running workers had in the last round. */
  private sharedIds: readonly string[] = [];

  constructor(private readonly parts: SweeperParts) {
    this.ackWait = parts.settings.ackWait * SECOND;
  }

  /** Does one round, unless one is in progress; returns how many runs wait for admission again. `now`: `monotonicNow`. */
  async sweep(now: number): Promise<number> {
    if (this.sweeping) return 0;
    this.sweeping = true;
    try {
      return await this.round(now);
    } finally {
      this.sweeping = false;
    }
  }

  private async round(now: number): Promise<number> {
    const { stages, positions, link, settings } = this.parts;
    const work = await positions.remember();
    await this.readHeartbeats(now);
    if (!(await this.isUpToDate())) {
      this.quiet = new QuietTimes();
      return 0;
    }
    const suspects = (await stages.unsettled()).map((stage) => ({ stage, situation: this.situationOf(stage, now) }));
    this.quiet.endRound();
    const judged = await judgeSuspects(
      this.parts,
      suspects.filter(({ situation }) => isSuspect(situation)),
    );
    const { installation } = settings;
    for (const { stage, traces, decision } of judged) {
      if (decision === 'cancel')
        await commitSettlement(link, cancelledStage(stage, traces.own, { installation, now: Date.now() }));
      if (decision === 'restore') await commitSettlement(link, traces.restored!);
    }
    this.report(judged, work);
    return this.readmit(judged.filter(({ decision }) => decision === 'readmit'));
  }

  private async readHeartbeats(now: number): Promise<void> {
    const control = await Control.open(this.parts.link.connection);
    const { workers, log } = this.parts;
    const gone = workers.update(await control.heartbeats(), now);
    for (const process of gone) await control.removeHeartbeat(process);
    const shared = workers.sharedIds();
    const isNew = shared.some((worker) => !this.sharedIds.includes(worker));
    this.sharedIds = shared;
    if (isNew)
      log.warn(
        { workers: shared },
        'two running workers have the same WORKER_ID: give each worker its own, so that events name the right one',
      );
  }

  /** Whether Postgres contains what the event log contained a round ago. */
  private async isUpToDate(): Promise<boolean> {
    const { progress } = this.parts;
    const state = await progress.state();
    if (!state) return false;
    const loss = unrecordedLoss(state);
    if (loss > this.loss) {
      this.parts.log.error(
        { loss },
        'the limits of EVENTS removed events before they were recorded: raise the limits, or give the scheduler more CPU',
      );
    }
    this.loss = loss;
    const { before } = this;
    this.before = state;
    return (await progress.hasCaughtUp()) && isRecorded(before, state);
  }

  private situationOf(stage: UnsettledStage, now: number): StageSituation {
    const { run, index, generation, root, app, paused, cancelled, isCurrent } = stage;
    const held = this.parts.workers.holds(run, generation);
    const quiet = this.quiet.add(`${run}/${index}/${generation}/${root}`, !held && !paused, now) / this.ackWait;
    return { paused, cancelled, isCurrent, held, quiet, served: this.parts.workers.servedFor(app, now) / this.ackWait };
  }

  private report(judged: readonly Judged[], { stages }: WorkPositions): void {
    const { log } = this.parts;
    for (const [decision, message] of Object.entries(LOG_MESSAGES)) {
      const found = judged.filter((one) => one.decision === decision);
      const runs = found.slice(0, NAMED_RUNS).map(({ stage: { run, index } }) => ({ run, index }));
      if (found.length > 0) log.warn({ stages: found.length, runs }, message);
    }
    // A message that is gone although its stream is older than the message.
    const created = Date.parse(stages.created);
    const dropped = judged.filter(
      ({ stage, traces, decision }) =>
        decision === 'readmit' && traces.message === 'absent' && stage.queuedAt > created,
    );
    if (dropped.length > 0)
      log.error({ stages: dropped.length }, 'the limits of STAGES removed undelivered messages: raise the limits');
  }

  private async readmit(lost: readonly Judged[]): Promise<number> {
    if (lost.length === 0) return 0;
    const logCreated = Date.parse(this.before!.events.created);
    const changes = await this.parts.stages.returnToWaiting(
      lost.map(({ stage, traces }) => ({
        ...stage,
        streamLost: isLostWithStream(traces.message, stage.queuedAt, logCreated),
      })),
    );
    for (const change of changes) this.parts.live.add(change);
    return lost.length;
  }
}
