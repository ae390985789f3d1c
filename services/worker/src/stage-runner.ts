import { compareLineage, LINEAGE_HEADER, newerMessageVersion, type ReadStageEvent, STREAMS } from '#libs/contracts';
import { type Delivery, type NatsLink, publishOnce, type StageMessage, untilAnswered } from '#libs/messaging';
import { Stopwatch } from '#libs/runtime';
import { crashLoopResult } from './adapters/stage-result.js';
import { deadLetter, type DeadLetterReason } from './dead-letter.js';
import { CallProcessDied } from './isolated/call-process.js';
import { lineageOfNext, nextStage } from './next-stage.js';
import { cancelled, StageCalls } from './stage-calls.js';
import { isRefused, StageCommits } from './stage-commits.js';
import { type Decided, DECISION_LIFETIME_MS, NO_ORDERS, StageDecisions } from './stage-decisions.js';
import type { EventContext } from './stage-events.js';
import { StageLog } from './stage-log.js';
import type { StageRunnerParts } from './stage-runner-parts.js';
import type { StageStep } from './stage-step.js';
import { readStageTask, type StageTask } from './stage-task.js';

/** The document is gone and another worker, which has announced its call, may still settle the stage. */
class LeftToOtherWorker extends Error {
  override readonly name = 'LeftToOtherWorker';
}

/**
 * Processes one delivery of a stage message from receipt to acknowledgement. Many deliveries run in parallel, one per
 * slot; none shares state with another. The order of steps, and what a kill right after each of them leads to:
 *
 *  1. Read. A message of a newer release returns to the queue for 5 s, for a newer worker. One that is malformed,
 *     contradicts its subject or belongs to another installation is stored in DEAD and acknowledged; no event is
 *     written. Killed: the broker delivers the message again, DEAD keeps one copy.
 *  2. Decide (`decideBeforeCall`, pure): call the app, only publish the next stage, settle as cancelled or parked,
 *     report a crash loop, or do nothing. A first delivery costs no round trip to the broker; the streams are read
 *     when the stage may have been settled before (see `StageDecisions`). Killed: nothing has happened.
 *  3. Announce and call. `started` is published without waiting, then the adapter calls the app within the stage's
 *     deadline. A decision older than 1 s is not acted on: the process may have been suspended, so step 2 is repeated.
 *     A broker that answers slowly must not keep a stage from its call for ever, so each repetition allows 1 s more.
 *     Killed: the app is called again, and `started` counts that call. The third and the fourth call of a lineage run in a
 *     process of their own with a memory limit; if that process dies, the message returns to the queue.
 *     A document that is gone from the bucket parks the stage, so that the scheduler admits it again from Postgres, unless
 *     another running worker has announced its call: then the message returns to the queue for 5 s.
 *  4. Pack and commit. The output goes into the bucket if it is large; then `settled` is published, expected to be the
 *     first of its lineage. This is the commit point. After an interruption of this process or its connection, the streams
 *     are read again first: the log may be a new one, which lacks the settlement of another worker. A worker that finds a settlement of its lineage continues with
 *     that one and drops its own result; a settlement of a newer lineage ends the work. An event that
 *     the broker or the recorder would reject is replaced by a failure; otherwise the app would be called for ever. Killed before the commit: the app
 *     is called again. Killed after it: never again for this lineage.
 *  5. Publish the next stage's message, built from the committed event, by the same rule. Killed: a later delivery
 *     finds the settlement and publishes whatever is missing.
 *  6. Acknowledge, but not before the app has answered or closed the connection of a call that timed out or was
 *     cancelled, or one more deadline has passed (cool-down). Killed: one more delivery, which only reads the log and acknowledges.
 *
 * Steps 4 and 5 wait until a broker that is away returns, with the result in memory. When the process stops, `stopping`
 * aborts the call or the wait, `run` rejects, and the transport returns the message to the queue. An aborted call does
 * not count: a second `started` with the number of calls before it is stored first.
 */
export class StageRunner {
  private readonly log: StageLog;
  private readonly link: NatsLink;
  private readonly worker: string;
  private readonly stopping: AbortSignal;
  private readonly decisions: StageDecisions;
  private readonly calls: StageCalls;
  private readonly commits: StageCommits;

  constructor(private readonly parts: StageRunnerParts) {
    ({ link: this.link, worker: this.worker, stopping: this.stopping } = parts);
    this.log = new StageLog(this.link, this.stopping);
    this.decisions = new StageDecisions(this.link, this.log, this.stopping);
    this.calls = new StageCalls(parts, this.log);
    this.commits = new StageCommits(parts, this.log);
  }

  async run(message: StageMessage): Promise<void> {
    const { app, delivery } = message;
    this.completed('received');
    const read = readStageTask({
      subject: delivery.subject,
      body: delivery.body,
      lineageHeader: delivery.header(LINEAGE_HEADER),
      timestamp: delivery.info.timestamp,
    });
    if (typeof read === 'string') {
      const version = newerMessageVersion(delivery.body);
      if (version !== null) return this.leaveToNewer(delivery, version);
      return this.reject(delivery, { class: 'malformed', sentence: read });
    }
    if (read.slip.installation !== app.installation) {
      const sentence = `The message belongs to installation ${read.slip.installation}; this is ${app.installation}.`;
      return this.reject(delivery, { class: 'foreign', sentence });
    }
    let settlement: ReadStageEvent | null;
    try {
      settlement = await this.settleOnce(read, message);
    } catch (error) {
      if (error instanceof LeftToOtherWorker) return delivery.returnLater();
      if (error instanceof CallProcessDied) return delivery.returnToQueue();
      throw error;
    }
    this.completed('committed');
    if (settlement) await this.publishNext(read, settlement);
    this.completed('next-published');
    // Cool-down: the message holds the slot of a serial app until the app is done with an abandoned call.
    await this.calls.released(delivery);
    delivery.ack();
    this.completed('acknowledged');
  }

  /** In a rolling update, a newer worker can read the message. */
  private leaveToNewer(delivery: Delivery, version: number): void {
    this.parts.onNewerVersion?.(version);
    delivery.returnLater();
  }

  /** Returns the settlement from which the next stage follows; null when nothing is left to publish. */
  private async settleOnce(read: StageTask, message: StageMessage): Promise<ReadStageEvent | null> {
    for (let lifetime = DECISION_LIFETIME_MS; ; lifetime += DECISION_LIFETIME_MS) {
      const decided = await this.decisions.decide(read, message);
      this.completed('checked');
      const settlement = await this.carryOut(message, decided, () => decided.read.elapsedWithSleep() > lifetime);
      if (settlement !== 'stale') return settlement;
    }
  }

  private completed(step: StageStep): void {
    this.parts.onStep?.(step);
  }

  /** Acts on a decision. Returns 'stale' when the decision became stale before the app was called. */
  private carryOut(
    message: StageMessage,
    { task, settlement, decision }: Decided,
    isStale: () => boolean,
  ): Promise<ReadStageEvent | null | 'stale'> {
    switch (decision.action) {
      case 'call':
        return this.callAndCommit(message, task, { call: decision.call, isStale });
      case 'publish-next':
        return Promise.resolve(settlement);
      case 'next-published':
      case 'superseded':
        return Promise.resolve(null);
      case 'crash-loop':
        return this.settleCrashLoop(task, message.delivery, decision.calls);
      case 'cancel':
        return this.commits.settle(task, this.contextOf(message.delivery, 0), cancelled(task, decision.of));
      case 'park':
        return this.commits.park(task, this.contextOf(message.delivery, 0));
    }
  }

  private async callAndCommit(
    message: StageMessage,
    task: StageTask,
    { call, isStale }: { readonly call: number; readonly isStale: () => boolean },
  ): Promise<ReadStageEvent | null | 'stale'> {
    const context = this.contextOf(message.delivery, call);
    const result = await this.calls.call(message, task, { context, isStale });
    if (result === 'stale') return result;
    if (result === 'restage') return this.restage(message, task);
    this.completed('answered');
    const other = message.delivery.wasInterrupted() ? await this.insteadOfResult(message, task) : null;
    return other ? other.settlement : this.commits.settle(task, context, result);
  }

  /**
   * After an interruption, another worker may have settled the stage, and the log may have been lost since: the result
   * must not become a second settlement. Null: commit it.
   */
  private async insteadOfResult(
    message: StageMessage,
    task: StageTask,
  ): Promise<{ readonly settlement: ReadStageEvent | null } | null> {
    const { decision, settlement } = await this.decisions.decideFromLog(task, message, NO_ORDERS);
    switch (decision.action) {
      case 'publish-next':
        return { settlement };
      case 'next-published':
      case 'superseded':
        return { settlement: null };
      case 'park':
        return { settlement: await this.commits.park(task, this.contextOf(message.delivery, 0)) };
      case 'call':
      case 'crash-loop':
      case 'cancel':
        return null;
    }
  }

  /** Parks a stage whose document is gone: the scheduler admits it again with the document from Postgres. */
  private async restage(message: StageMessage, task: StageTask): Promise<ReadStageEvent | null> {
    const { run } = task.slip;
    const isAnnouncedElsewhere = await untilAnswered(async () => {
      const started = await this.log.lastStart(task);
      if (!started || compareLineage(started.lineage, task.lineage) !== 0) return false;
      return message.isHeldElsewhere(run, task.lineage.generation);
    }, this.stopping);
    if (isAnnouncedElsewhere) throw new LeftToOtherWorker();
    return this.commits.park(task, this.contextOf(message.delivery, 0));
  }

  private async publishNext(task: StageTask, settlement: ReadStageEvent): Promise<void> {
    const next = nextStage(task.slip, settlement);
    if (!next) return;
    const { generation, root } = settlement.event;
    await publishOnce(
      this.link,
      {
        ...next,
        stream: STREAMS.stages.name,
        lineage: { generation, root },
        lineageOf: (stored) => lineageOfNext(task, stored, generation),
      },
      this.stopping,
    );
  }

  /** Stores the dead letter before the settlement: a kill between them repeats both, and loses neither. */
  private async settleCrashLoop(task: StageTask, delivery: Delivery, calls: number): Promise<ReadStageEvent | null> {
    const result = crashLoopResult(task.stage.app, calls);
    await this.deadLetter(delivery, { class: 'crash-loop', sentence: result.sentence });
    return this.commits.settle(task, this.contextOf(delivery, calls), result);
  }

  private async reject(delivery: Delivery, reason: DeadLetterReason): Promise<void> {
    await this.deadLetter(delivery, reason);
    delivery.ack();
  }

  private deadLetter(delivery: Delivery, reason: DeadLetterReason): Promise<void> {
    return untilAnswered(() => deadLetter(this.link, this.worker, delivery, reason), this.stopping, isRefused);
  }

  private contextOf({ info: { deliveries, timestamp } }: Delivery, call: number): EventContext {
    return { worker: this.worker, deliveries, timestamp, call, startedAt: Date.now(), started: new Stopwatch() };
  }
}
