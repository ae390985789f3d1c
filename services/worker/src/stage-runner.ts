import {
  DECIDED_HEADER,
  type Lineage,
  LINEAGE_HEADER,
  lineageOfStage,
  progressSubject,
  STREAMS,
} from '#libs/contracts';
import {
  type Delivery,
  DocumentUnavailable,
  type NatsLink,
  publishOnce,
  PublishRefused,
  type StageMessage,
  type StoredMessage,
  untilAnswered,
} from '#libs/messaging';
import { type AppAdapter, NOTHING_FOUND, type StageResult } from './adapters/app-adapter.js';
import { type BeforeCall, type Cancelled, decideBeforeCall, NOTHING_KNOWN } from './before-call.js';
import { CallEnding } from './call-ending.js';
import { deadLetter, type DeadLetterReason } from './dead-letter.js';
import { type Occasion, parkedEvent, settledEvent, startedEvent } from './stage-events.js';
import { lastHandedOn, nextStage } from './next-stage.js';
import { mayBeOvertaken } from './overtaken.js';
import { type Settlement, StageLog } from './stage-log.js';
import type { StageStep } from './stage-step.js';
import { readStageTask, type StageTask } from './stage-task.js';

/** What was known so long ago may be otherwise by now: the process stood still, and another worker has the stage. */
const STALE_MS = 1000;

/** What was known when a call was decided on may be otherwise by now. */
class TooLate extends Error {
  override readonly name = 'TooLate';
}

const isRefused = (error: unknown): error is PublishRefused => error instanceof PublishRefused;

const NOTHING = new Uint8Array();

const cancelled = ({ slip }: StageTask, what: Cancelled): StageResult => ({
  ...NOTHING_FOUND,
  outcome: 'cancelled',
  sentence: what === 'batch' ? `Batch ${slip.batch} was cancelled.` : `Run ${slip.run} was cancelled.`,
});

/** What stands for an answer whose events no event can carry: it must not be called for again and again. */
const unrecordable = (app: string, reason: string): StageResult => ({
  ...NOTHING_FOUND,
  outcome: 'invalid-output',
  sentence: `${app} gave an answer that cannot be recorded: ${reason}.`,
  fingerprint: `${app}|invalid-output|cannot be recorded`,
});

/** What is known of a stage before its app is called, since when (milliseconds since 1970), and what follows from it. */
interface Look {
  readonly task: StageTask;
  readonly settlement: Settlement | null;
  readonly decision: BeforeCall;
  readonly at: number;
}

/** What a runner works with. */
export interface StageRunnerParts {
  readonly link: NatsLink;
  /** Name of this worker in events. */
  readonly worker: string;
  /** Aborted when the process ends: what is in flight goes on elsewhere. */
  readonly stopping: AbortSignal;
  readonly adapter: AppAdapter;
  /** Is told of each step reached, for tests that kill the worker there. */
  readonly onStep?: ((step: StageStep) => void) | undefined;
}

/**
 * Takes one stage message through its life: look whether it is settled, call the app, commit the settlement,
 * publish the next stage, acknowledge. A kill between any two steps repeats from the first that is not durable;
 * after the commit the app is never called again for this lineage.
 */
export class StageRunner {
  private readonly log: StageLog;

  private readonly link: NatsLink;
  private readonly worker: string;
  private readonly stopping: AbortSignal;

  constructor(private readonly parts: StageRunnerParts) {
    ({ link: this.link, worker: this.worker, stopping: this.stopping } = parts);
    this.log = new StageLog(this.link, this.stopping);
  }

  async run(message: StageMessage): Promise<void> {
    const { app, delivery } = message;
    this.reached('received');
    const read = readStageTask({
      subject: delivery.subject,
      body: delivery.body,
      lineageHeader: delivery.header(LINEAGE_HEADER),
      timestamp: delivery.info.timestamp,
    });
    if (typeof read === 'string') return this.giveUp(delivery, { class: 'malformed', sentence: read });
    if (read.slip.installation !== app.installation) {
      const sentence = `The message is of installation ${read.slip.installation}, this is ${app.installation}.`;
      return this.giveUp(delivery, { class: 'foreign', sentence });
    }
    const settled = await this.bringToSettlement(read, message);
    this.reached('committed');
    if (settled) await this.publishNext(read, settled);
    this.reached('handed-on');
    delivery.ack();
    this.reached('acknowledged');
  }

  /** Returns the settlement from which the next stage follows, null where nothing is missing. */
  private async bringToSettlement(read: StageTask, message: StageMessage): Promise<Settlement | null> {
    // A broker that answers slowly must not keep a stage from its call for ever.
    for (let patience = STALE_MS; ; patience += STALE_MS) {
      const look = await this.lookBefore(read, message);
      this.reached('looked');
      const settled = await this.act(message, look, look.at + patience);
      if (settled !== 'too-late') return settled;
    }
  }

  private reached(step: StageStep): void {
    this.parts.onStep?.(step);
  }

  /** Does what was decided. An app is not called any more after `latest` (milliseconds since 1970): 'too-late'. */
  private act(
    message: StageMessage,
    { task, settlement, decision }: Look,
    latest: number,
  ): Promise<Settlement | null | 'too-late'> {
    switch (decision.act) {
      case 'call':
        return this.callAndCommit(message, task, { call: decision.call, latest });
      case 'finish':
        return Promise.resolve(settlement);
      case 'handed-on':
      case 'superseded':
        return Promise.resolve(null);
      case 'crash-loop':
        return this.settleCrashLoop(task, message.delivery, decision.calls);
      case 'cancel':
        return this.settle(task, this.occasion(message.delivery, 0, Date.now()), cancelled(task, decision.of));
      case 'park':
        return this.log.commit({
          event: parkedEvent(task, this.occasion(message.delivery, 0, Date.now())),
          inline: NOTHING,
        });
    }
  }

  /** Reads the streams only when the stage may have been settled before: a first delivery costs no round trip. */
  private async lookBefore(read: StageTask, { delivery, orders }: StageMessage): Promise<Look> {
    const isRawReplay = delivery.header(LINEAGE_HEADER) === undefined;
    const isStale = Date.now() - delivery.receivedAt > STALE_MS;
    const { batch, run } = read.slip;
    const orderFor = ({ generation }: Lineage) => orders.of({ batch, run, generation });
    const isLate = mayBeOvertaken(delivery.header(DECIDED_HEADER), delivery.info.timestamp);
    if (!delivery.mayBeSettled && !isRawReplay && !isStale && !isLate) {
      const decision = decideBeforeCall(read.lineage, NOTHING_KNOWN, orderFor(read.lineage));
      return { task: read, settlement: null, decision, at: delivery.receivedAt };
    }
    return untilAnswered(async () => {
      const at = Date.now();
      const settlement = await this.log.lastSettlement(read);
      const generation = settlement?.event.generation ?? read.slip.generation;
      const lineage = isRawReplay ? { generation, root: delivery.info.timestamp } : read.lineage;
      const task = { ...read, lineage };
      const [handedOn, started, isWhole] = await Promise.all([
        lastHandedOn(this.link, task, isRawReplay),
        this.log.lastStart(task),
        this.log.isOlderThan(delivery.info.timestamp),
      ]);
      const history = { settled: settlement?.event ?? null, handedOn, started, isWhole };
      return { task, settlement, decision: decideBeforeCall(lineage, history, orderFor(lineage)), at };
    }, this.stopping);
  }

  private async callAndCommit(
    message: StageMessage,
    task: StageTask,
    { call, latest }: { readonly call: number; readonly latest: number },
  ): Promise<Settlement | null | 'too-late'> {
    const occasion = this.occasion(message.delivery, call, Date.now());
    const result = await this.callWithDocument(message, task, { occasion, latest });
    if (result === 'too-late') return result;
    this.reached('answered');
    return this.settle(task, occasion, result);
  }

  /** Commits what came of a stage. */
  private async settle(task: StageTask, occasion: Occasion, result: StageResult): Promise<Settlement | null> {
    const packed = result.output && (await this.pack(task, result.output));
    this.reached('packed');
    const settled = { at: Date.now(), ...(packed ? { document: packed.ref } : {}) };
    const event = settledEvent(task, occasion, result, settled);
    try {
      return await this.log.commit({ event, inline: packed?.inline ?? NOTHING });
    } catch (error) {
      if (!isRefused(error)) throw error;
      const failed = settledEvent(task, occasion, unrecordable(task.stage.app, error.message), { at: settled.at });
      return this.log.commit({ event: failed, inline: NOTHING });
    }
  }

  private async callWithDocument(
    { app, orders }: StageMessage,
    task: StageTask,
    { occasion, latest }: { readonly occasion: Occasion; readonly latest: number },
  ): Promise<StageResult | 'too-late'> {
    const open = () => this.link.documents.open(task.slip.document, task.inline);
    const { batch, run, row } = task.slip;
    const ending = new CallEnding(this.stopping, orders, { batch, run, generation: task.lineage.generation });
    try {
      const document = await untilAnswered(open, ending.signal, (error) => error instanceof DocumentUnavailable);
      let isAnnounced = false;
      const onSending = () => {
        if (Date.now() > latest) throw new TooLate();
        if (isAnnounced) return;
        isAnnounced = true;
        this.log.announce(startedEvent(task, occasion));
        this.reached('announced');
      };
      const onPercent = (percent: number) =>
        this.link.connection.publish(progressSubject(task.slip), JSON.stringify({ row, percent }));
      return await this.parts.adapter.call(app, task, document, { onSending, onPercent, signal: ending.signal });
    } catch (error) {
      if (error instanceof TooLate) return 'too-late';
      if (ending.cancelled) return cancelled(task, ending.cancelled);
      if (!(error instanceof DocumentUnavailable)) throw error;
      const fingerprint = `${task.stage.app}|invalid-input|document unavailable`;
      return { ...NOTHING_FOUND, outcome: 'invalid-input', sentence: error.message, fingerprint };
    } finally {
      ending.close();
    }
  }

  private pack(task: StageTask, output: Uint8Array) {
    return untilAnswered(() => this.link.documents.pack(task.slip, output), this.stopping, isRefused);
  }

  private async publishNext(task: StageTask, settlement: Settlement): Promise<void> {
    const next = nextStage(task.slip, settlement);
    if (!next) return;
    const { generation, root } = settlement.event;
    const lineageOf = (stored: StoredMessage) =>
      lineageOfStage({ lineageHeader: stored.headers.get(LINEAGE_HEADER), timestamp: stored.timestamp }, generation);
    await publishOnce(
      this.link,
      { ...next, stream: STREAMS.stages.name, lineage: { generation, root }, lineageOf },
      this.stopping,
    );
  }

  /** The dead letter first, then the settlement: a kill between them repeats both, and loses neither. */
  private async settleCrashLoop(task: StageTask, delivery: Delivery, calls: number): Promise<Settlement | null> {
    const sentence = `The worker died ${calls} times while ${task.stage.app} worked on this file.`;
    await this.keepDead(delivery, { class: 'crash-loop', sentence });
    const fingerprint = `${task.stage.app}|crash-loop`;
    const occasion = this.occasion(delivery, calls, Date.now());
    return this.settle(task, occasion, { ...NOTHING_FOUND, outcome: 'crash-loop', sentence, fingerprint });
  }

  private async giveUp(delivery: Delivery, reason: DeadLetterReason): Promise<void> {
    await this.keepDead(delivery, reason);
    delivery.ack();
  }

  private keepDead(delivery: Delivery, reason: DeadLetterReason): Promise<void> {
    return untilAnswered(() => deadLetter(this.link, this.worker, delivery, reason), this.stopping, isRefused);
  }

  private occasion(delivery: Delivery, call: number, startedAt: number): Occasion {
    const { deliveries, timestamp } = delivery.info;
    return { worker: this.worker, deliveries, timestamp, call, startedAt };
  }
}
