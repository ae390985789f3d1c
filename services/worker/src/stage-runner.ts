import {
  compareLineage,
  DECIDED_HEADER,
  type Lineage,
  LINEAGE_HEADER,
  newerMessageVersion,
  progressSubject,
  type ReadStageEvent,
  STREAMS,
} from '#libs/contracts';
import type { AbandonedCall } from '#libs/clams';
import {
  type Delivery,
  DocumentGone,
  DocumentUnavailable,
  type NatsLink,
  publishOnce,
  PublishRefused,
  type StageMessage,
  untilAnswered,
} from '#libs/messaging';
import { Stopwatch } from '#libs/runtime';
import type { AppAdapter } from './adapters/app-adapter.js';
import { type Adapters, adapterOf } from './adapters/registry.js';
import {
  cancelledResult,
  crashLoopResult,
  documentUnavailableResult,
  type StageResult,
  unrecordableResult,
} from './adapters/stage-result.js';
import { type BeforeCall, type Cancelled, decideBeforeCall, isIsolated, NO_HISTORY } from './before-call.js';
import { CallAbort } from './call-abort.js';
import { deadLetter, type DeadLetterReason } from './dead-letter.js';
import { CallProcessDied } from './isolated/call-process.js';
import { isPublishedLate } from './late-publication.js';
import { lastPublishedNext, lineageOfNext, nextStage } from './next-stage.js';
import { type EventContext, parkedEvent, settledEvent, startedEvent } from './stage-events.js';
import { unrecordableReason } from './recordable.js';
import { StageLog } from './stage-log.js';
import type { StageStep } from './stage-step.js';
import { readStageTask, type StageTask } from './stage-task.js';

/** An older decision is stale: the process may have been suspended while another worker processed the stage. */
const DECISION_LIFETIME_MS = 1000;

/** The decision to call became stale before the call started. */
class StaleDecision extends Error {
  override readonly name = 'StaleDecision';
}

/** The document is gone and another worker, which has announced its call, may still settle the stage. */
class LeftToOtherWorker extends Error {
  override readonly name = 'LeftToOtherWorker';
}

const isRefused = (error: unknown): error is PublishRefused => error instanceof PublishRefused;

const NO_BYTES = new Uint8Array();

const cancelled = ({ slip }: StageTask, what: Cancelled): StageResult =>
  cancelledResult(what === 'batch' ? `Batch ${slip.batch}` : `Run ${slip.run}`);

/** A decision, what it is based on, and a stopwatch that was started before that was read. */
interface Decided {
  readonly task: StageTask;
  readonly settlement: ReadStageEvent | null;
  readonly decision: BeforeCall;
  readonly read: Stopwatch;
}

export interface StageRunnerParts {
  readonly link: NatsLink;
  /** Name of this worker in events. */
  readonly worker: string;
  /** Aborted when the process ends: the broker then delivers what is in flight to another worker. */
  readonly stopping: AbortSignal;
  readonly adapters: Adapters;
  /** Calls an app in a process of its own; rejects with CallProcessDied when that process dies. */
  readonly isolated: AppAdapter;
  /** Called when a message can be read only by a newer release, with its version. */
  readonly onNewerVersion?: ((version: number) => void) | undefined;
  /** Called after each step, for tests that kill the worker there. */
  readonly onStep?: ((step: StageStep) => void) | undefined;
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
 *     when the stage may have been settled before (see `decide`). Killed: nothing has happened.
 *  3. Announce and call. `started` is published without waiting, then the adapter calls the app within the stage's
 *     deadline. A decision older than 1 s is not acted on: the process may have been suspended, so step 2 is repeated.
 *     A broker that answers slowly must not keep a stage from its call for ever, so each repetition allows 1 s more.
 *     Killed: the app is called again, and `started` counts that call. The third and the fourth call of a lineage run in a
 *     process of their own with a memory limit; if that process dies, the message returns to the queue.
 *     A document that is gone from the bucket parks the stage, so that the scheduler admits it again from Postgres, unless
 *     another running worker has announced its call: then the message returns to the queue for 5 s.
 *  4. Pack and commit. The output goes into the bucket if it is large; then `settled` is published, expected to be the
 *     first of its lineage. This is the commit point. A worker that finds a settlement of its lineage continues with
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
  /** Abandoned calls that their apps may still work on. */
  private readonly cooling = new WeakMap<Delivery, AbandonedCall>();

  constructor(private readonly parts: StageRunnerParts) {
    ({ link: this.link, worker: this.worker, stopping: this.stopping } = parts);
    this.log = new StageLog(this.link, this.stopping);
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
    const cooling = this.cooling.get(delivery);
    if (cooling) await cooling.released;
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
      const decided = await this.decide(read, message);
      this.completed('checked');
      const settlement = await this.carryOut(message, decided, () => decided.read.elapsedWithSleep() > lifetime);
      if (settlement !== 'stale') return settlement;
    }
  }

  private completed(step: StageStep): void {
    this.parts.onStep?.(step);
  }

  /**
   * Reads the streams only when the stage may have been settled before: redelivered, old, or from a recreated consumer
   * (`mayBeSettled`); a raw replay; received more than a second ago; or published late by a worker that may have been
   * suspended (`isPublishedLate`).
   */
  private async decide(read: StageTask, { delivery, orders }: StageMessage): Promise<Decided> {
    const isRawReplay = delivery.header(LINEAGE_HEADER) === undefined;
    const isStale = delivery.received.elapsedWithSleep() > DECISION_LIFETIME_MS;
    const { batch, run, index } = read.slip;
    const orderFor = ({ generation }: Lineage) => orders.of({ batch, run, index, generation });
    const isLate = isPublishedLate(delivery.header(DECIDED_HEADER), delivery.info.timestamp);
    if (!delivery.mayBeSettled && !isRawReplay && !isStale && !isLate) {
      const decision = decideBeforeCall(read.lineage, NO_HISTORY, orderFor(read.lineage), read.slip.calls);
      return { task: read, settlement: null, decision, read: delivery.received };
    }
    return untilAnswered(async () => {
      const sinceRead = new Stopwatch();
      const settlement = await this.log.lastSettlement(read);
      // A raw replay has the generation of what it repeats.
      const generation = settlement?.event.generation ?? read.slip.generation;
      const lineage = isRawReplay ? { generation, root: delivery.info.timestamp } : read.lineage;
      const task = { ...read, lineage };
      const [nextPublished, started, isComplete] = await Promise.all([
        lastPublishedNext(this.link, task, isRawReplay),
        this.log.lastStart(task),
        this.log.isOlderThan(delivery.info.timestamp),
      ]);
      const history = { settled: settlement?.event ?? null, nextPublished, started, isComplete };
      const earlierCalls = isRawReplay ? 0 : read.slip.calls;
      const decision = decideBeforeCall(lineage, history, orderFor(lineage), earlierCalls);
      return { task, settlement, decision, read: sinceRead };
    }, this.stopping);
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
        return this.settle(task, this.contextOf(message.delivery, 0), cancelled(task, decision.of));
      case 'park':
        return this.log.commit({
          event: parkedEvent(task, this.contextOf(message.delivery, 0)),
          inline: NO_BYTES,
        });
    }
  }

  private async callAndCommit(
    message: StageMessage,
    task: StageTask,
    { call, isStale }: { readonly call: number; readonly isStale: () => boolean },
  ): Promise<ReadStageEvent | null | 'stale'> {
    const context = this.contextOf(message.delivery, call);
    const result = await this.callWithDocument(message, task, { context, isStale });
    if (result === 'stale') return result;
    if (result === 'restage') return this.restage(message, task);
    this.completed('answered');
    return this.settle(task, context, result);
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
    return this.log.commit({ event: parkedEvent(task, this.contextOf(message.delivery, 0)), inline: NO_BYTES });
  }

  private async settle(task: StageTask, context: EventContext, result: StageResult): Promise<ReadStageEvent | null> {
    const { output } = result;
    const pack = (bytes: Uint8Array) => this.link.documents.pack(task.slip, bytes);
    const packed = output && (await untilAnswered(() => pack(output), this.stopping, isRefused));
    this.completed('packed');
    const at = Math.round(context.startedAt + context.started.elapsed());
    const settled = { at, ...(packed ? { document: packed.ref } : {}) };
    const event = settledEvent(task, context, result, settled);
    const commitFailure = (reason: string) => {
      const failure = settledEvent(task, context, unrecordableResult(task.stage.app, reason), { at: settled.at });
      return this.log.commit({ event: failure, inline: NO_BYTES });
    };
    const reason = unrecordableReason(event);
    if (reason !== null) return commitFailure(reason);
    try {
      return await this.log.commit({ event, inline: packed?.inline ?? NO_BYTES });
    } catch (error) {
      if (!isRefused(error)) throw error;
      return commitFailure(error.message);
    }
  }

  private coolDown(delivery: Delivery, abandoned: AbandonedCall): void {
    this.cooling.set(delivery, abandoned);
    const { disconnect, released } = abandoned;
    if (this.stopping.aborted) return disconnect();
    this.stopping.addEventListener('abort', disconnect, { once: true });
    void released.then(() => this.stopping.removeEventListener('abort', disconnect));
  }

  private async callWithDocument(
    { app, orders, delivery }: StageMessage,
    task: StageTask,
    { context, isStale }: { readonly context: EventContext; readonly isStale: () => boolean },
  ): Promise<StageResult | 'stale' | 'restage'> {
    const open = () => this.link.documents.open(task.slip.document, task.inline);
    const { batch, run, row, index } = task.slip;
    const abort = new CallAbort(this.stopping, orders, { batch, run, index, generation: task.lineage.generation });
    let isAnnounced = false;
    try {
      const document = await untilAnswered(open, abort.signal, (error) => error instanceof DocumentUnavailable);
      const onSending = () => {
        if (isStale()) throw new StaleDecision();
        if (isAnnounced) return;
        isAnnounced = true;
        this.log.announce(startedEvent(task, context));
        this.completed('announced');
      };
      const onPercent = (percent: number) =>
        this.link.connection.publish(progressSubject(task.slip), JSON.stringify({ row, percent }));
      const adapter = isIsolated(context.call) ? this.parts.isolated : adapterOf(this.parts.adapters, app);
      const onAbandoned = (abandoned: AbandonedCall) => this.coolDown(delivery, abandoned);
      return await adapter.call(app, task, document, { onSending, onAbandoned, onPercent, signal: abort.signal });
    } catch (error) {
      if (error instanceof StaleDecision) return 'stale';
      if (abort.cancelled) return cancelled(task, abort.cancelled);
      if (this.stopping.aborted && isAnnounced)
        await this.log.withdraw(startedEvent(task, { ...context, call: context.call - 1 }));
      if (error instanceof DocumentGone) return 'restage';
      if (!(error instanceof DocumentUnavailable)) throw error;
      return documentUnavailableResult(task.stage.app, error.message);
    } finally {
      abort.close();
    }
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
    return this.settle(task, this.contextOf(delivery, calls), result);
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
