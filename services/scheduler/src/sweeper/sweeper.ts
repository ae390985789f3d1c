import { HEARTBEAT_SECONDS, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import type { SweepRepository, UnsettledStage } from '#libs/database';
import { consumerPosition, Control, type NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import type { LivePublisher } from '../live-publisher.js';
import type { StreamPositions, WorkPositions } from '../registry/stream-positions.js';
import { isSuspect, type StageSituation } from './decide-sweep.js';
import { judgeSuspects } from './judge-suspects.js';
import { isRecorded, type LogState, unrecordedLoss } from './log-watch.js';
import { QuietTimes } from './quiet-times.js';
import { cancelledStage, commitSettlement } from './settlements.js';
import { tellSweep } from './tell-sweep.js';
import { WorkerWatch } from './worker-watch.js';

const SECOND = 1000;
/** Heartbeats that a worker may miss before it counts as dead. */
const MISSED_HEARTBEATS = 3;

/** What the sweeper needs. */
export interface SweeperParts {
  readonly stages: SweepRepository;
  readonly positions: StreamPositions;
  readonly link: NatsLink;
  readonly live: LivePublisher;
  readonly log: Logger;
  readonly installation: string;
  /** Seconds. */
  readonly ackWait: number;
}

/** Finds stages that nobody will bring to an end any more, and sees to it that they come to one. */
export class Sweeper {
  private readonly ackWait: number;
  private readonly workers: WorkerWatch;
  private quiet = new QuietTimes();
  private before: LogState | undefined;
  private loss = 0;
  private sweeping = false;

  constructor(private readonly parts: SweeperParts) {
    this.ackWait = parts.ackWait * SECOND;
    this.workers = new WorkerWatch(Math.max(this.ackWait, MISSED_HEARTBEATS * HEARTBEAT_SECONDS * SECOND));
  }

  /** One round, unless one is under way; returns how many runs were put back to wait for admission. */
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
    const { stages, positions, link, installation, log } = this.parts;
    const work = await positions.remember();
    await this.seeWorkers(now);
    if (!(await this.isUpToDate(work))) {
      this.quiet = new QuietTimes();
      return 0;
    }
    const suspects = (await stages.unsettled()).map((stage) => ({ stage, situation: this.situationOf(stage, now) }));
    this.quiet.endRound();
    const judged = await judgeSuspects(
      this.parts,
      suspects.filter(({ situation }) => isSuspect(situation)),
    );
    for (const { stage, traces, decision } of judged) {
      if (decision === 'cancel') await commitSettlement(link, cancelledStage(stage, traces.own, { installation, now }));
      if (decision === 'restore') await commitSettlement(link, traces.told!);
    }
    tellSweep(log, judged, work);
    return this.putBack(judged.filter(({ decision }) => decision === 'again').map(({ stage }) => stage));
  }

  private async seeWorkers(now: number): Promise<void> {
    const control = await Control.open(this.parts.link.connection);
    const gone = this.workers.see(await control.heartbeats(), now);
    for (const worker of gone) await control.removeHeartbeat(worker);
  }

  /** Whether Postgres says what the event log said a round ago. */
  private async isUpToDate({ events }: WorkPositions): Promise<boolean> {
    const recorder = await consumerPosition(this.parts.link.connection, STREAMS.events.name, RECORDER_CONSUMER);
    const state = { events, recorder };
    const loss = unrecordedLoss(state);
    if (loss > this.loss) {
      this.parts.log.error(
        { loss },
        'EVENTS has dropped events that were not recorded: raise its limits, or give the scheduler more room',
      );
    }
    this.loss = loss;
    const { before } = this;
    this.before = state;
    return isRecorded(before, state);
  }

  private situationOf(stage: UnsettledStage, now: number): StageSituation {
    const { run, index, generation, root, app, paused, cancelled, isCurrent } = stage;
    const held = this.workers.holds(run, generation);
    const quiet = this.quiet.of(`${run}/${index}/${generation}/${root}`, !held && !paused, now) / this.ackWait;
    return { paused, cancelled, isCurrent, held, quiet, served: this.workers.servedFor(app, now) / this.ackWait };
  }

  private async putBack(lost: readonly UnsettledStage[]): Promise<number> {
    if (lost.length === 0) return 0;
    const changes = await this.parts.stages.returnToWaiting(lost);
    for (const change of changes) this.parts.live.add(change);
    return lost.length;
  }
}
