import { LINEAGE_HEADER, lineageOfStage, progressSubject, STREAMS } from '#libs/contracts';
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
import type { Classifier } from './answer/classifier.js';
import { type BeforeCall, decideBeforeCall } from './before-call.js';
import { callStage, NOTHING_FOUND, type StageResult } from './call-stage.js';
import { deadLetter, type DeadLetterReason } from './dead-letter.js';
import { type Occasion, settledFact, startedFact } from './facts.js';
import { nextStage } from './next-stage.js';
import { type Settlement, StageLog } from './stage-log.js';
import { readStageTask, type StageTask } from './stage-task.js';

/** A delivery handled this long after it was received may have been handed to another worker: the process stood still. */
const STALE_MS = 1000;

const isRefused = (error: unknown): error is PublishRefused => error instanceof PublishRefused;

/** What stands for an answer whose facts no event can carry: it must not be called for again and again. */
const unrecordable = (app: string, reason: string): StageResult => ({
  ...NOTHING_FOUND,
  outcome: 'invalid-output',
  sentence: `${app} gave an answer that cannot be recorded: ${reason}.`,
  fingerprint: `${app}|invalid-output|cannot be recorded`,
});

/**
 * Takes one stage message through its life: look whether it is settled, call the app, commit the settlement,
 * publish the next stage, acknowledge. A kill between any two steps repeats from the first that is not durable;
 * after the commit the app is never called again for this lineage.
 */
export class StageRunner {
  private readonly log: StageLog;

  constructor(
    private readonly link: NatsLink,
    private readonly worker: string,
    private readonly stopping: AbortSignal,
    private readonly classifier: Classifier,
  ) {
    this.log = new StageLog(link, stopping);
  }

  async run({ app, delivery }: StageMessage): Promise<void> {
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
    const { task, settlement, decision } = await this.lookBefore(read, delivery);
    if (decision.act === 'finish') await this.publishNext(task, settlement!);
    if (decision.act === 'crash-loop') await this.settleCrashLoop(task, delivery, decision.calls);
    if (decision.act === 'call') {
      const committed = await this.callAndCommit({ app, delivery }, task, decision.call);
      if (committed) await this.publishNext(task, committed);
    }
    delivery.ack();
  }

  /** Reads the log only when the stage may have been settled before: a first delivery costs no round trip. */
  private async lookBefore(
    read: StageTask,
    delivery: Delivery,
  ): Promise<{ task: StageTask; settlement: Settlement | null; decision: BeforeCall }> {
    const isRawReplay = delivery.header(LINEAGE_HEADER) === undefined;
    const isStale = Date.now() - delivery.receivedAt > STALE_MS;
    if (!delivery.mayBeSettled && !isRawReplay && !isStale) {
      return { task: read, settlement: null, decision: { act: 'call', call: 1 } };
    }
    return untilAnswered(async () => {
      const settlement = await this.log.lastSettlement(read);
      const generation = settlement?.fact.generation ?? read.slip.generation;
      const lineage = isRawReplay ? { generation, root: delivery.info.timestamp } : read.lineage;
      const task = { ...read, lineage };
      return { task, settlement, decision: decideBeforeCall(lineage, await this.log.history(task, settlement)) };
    }, this.stopping);
  }

  private async callAndCommit(
    { app, delivery }: StageMessage,
    task: StageTask,
    call: number,
  ): Promise<Settlement | null> {
    const occasion = this.occasion(delivery, call, Date.now());
    this.log.announce(startedFact(task, occasion));
    const result = await this.callWithDocument(app, task);
    const packed = result.output && (await this.pack(task, result.output));
    const settled = { at: Date.now(), ...(packed ? { document: packed.ref } : {}) };
    const fact = settledFact(task, occasion, result, settled);
    try {
      return await this.log.commit({ fact, inline: packed?.inline ?? new Uint8Array() });
    } catch (error) {
      if (!isRefused(error)) throw error;
      const failed = settledFact(task, occasion, unrecordable(task.stage.app, error.message), { at: settled.at });
      return this.log.commit({ fact: failed, inline: new Uint8Array() });
    }
  }

  private async callWithDocument(app: StageMessage['app'], task: StageTask): Promise<StageResult> {
    const open = () => this.link.documents.open(task.slip.document, task.inline);
    try {
      const document = await untilAnswered(open, this.stopping, (error) => error instanceof DocumentUnavailable);
      const { row } = task.slip;
      const onPercent = (percent: number) =>
        this.link.connection.publish(progressSubject(task.slip), JSON.stringify({ row, percent }));
      const { classifier, stopping: signal } = this;
      return await callStage(app, task, document, { classifier, onPercent, signal });
    } catch (error) {
      if (!(error instanceof DocumentUnavailable)) throw error;
      const fingerprint = `${task.stage.app}|invalid-input|document unavailable`;
      return { ...NOTHING_FOUND, outcome: 'invalid-input', sentence: error.message, fingerprint };
    }
  }

  private pack(task: StageTask, output: Uint8Array) {
    return untilAnswered(() => this.link.documents.pack(task.slip, output), this.stopping, isRefused);
  }

  private async publishNext(task: StageTask, settlement: Settlement): Promise<void> {
    const next = nextStage(task.slip, settlement);
    if (!next) return;
    const { generation, root } = settlement.fact;
    const lineageOf = (stored: StoredMessage) =>
      lineageOfStage({ lineageHeader: stored.headers.get(LINEAGE_HEADER), timestamp: stored.timestamp }, generation);
    await publishOnce(
      this.link,
      { ...next, stream: STREAMS.stages.name, lineage: { generation, root }, lineageOf },
      this.stopping,
    );
  }

  /** The dead letter first, then the settlement: a kill between them repeats both, and loses neither. */
  private async settleCrashLoop(task: StageTask, delivery: Delivery, calls: number): Promise<void> {
    const sentence = `The worker died ${calls} times while ${task.stage.app} worked on this file.`;
    await this.keepDead(delivery, { class: 'crash-loop', sentence });
    const result = { ...NOTHING_FOUND, outcome: 'crash-loop', sentence } as const;
    const fingerprint = `${task.stage.app}|crash-loop`;
    const now = Date.now();
    const fact = settledFact(task, this.occasion(delivery, calls, now), { ...result, fingerprint }, { at: now });
    await this.log.commit({ fact, inline: new Uint8Array() });
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
