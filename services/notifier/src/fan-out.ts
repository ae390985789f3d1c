import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type BatchState, BATCHES_TOPIC, batchTopic, type CellsChange } from '#libs/contracts';
import type { LiveMessage, ProgressMessage } from '#libs/messaging';
import { monotonicNow } from '#libs/runtime';
import { LiveBatches } from './live-batches.js';
import { LiveGateway } from './live.gateway.js';
import { mergeChanges } from './ring.js';

const SECOND = 1000;
/** Commits that arrive together, as after a reconnect, are sent in one message. */
const CELLS_FLUSH = 20;
const PROGRESS_FLUSH = SECOND / 4;
const REPEAT_SUMMARIES = SECOND;
/** LIVE keeps commits for the same time. */
const REMEMBER = 15 * 60 * SECOND;

interface SentSummary {
  /** On the clock of `monotonicNow`. */
  readonly at: number;
  readonly state: BatchState | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Sends commits of the recorder and percentages of running stages to the clients that watch a batch.
 *
 * - *Cells*: a commit first goes into the ring of its batch (`LiveBatches`), for clients that come back. Its cells
 *   wait up to 20 ms for others of the same batch; consecutive changes are merged into one message. Changes with a gap
 *   between them stay separate, so that clients notice the gap by `from`.
 * - *Summary*: sent to the topic of the batch and to the list of batches, at most once a second for each batch, the
 *   newest one last. A change of the state is sent immediately.
 * - *Progress*: only for watched batches, every 0.25 s, and only the latest percentage of each run, so that an app that
 *   reports often costs no more than others.
 * - *Repetition*: every second, the summaries of watched batches that are not finished are sent again. A client whose cells are older than
 *   the version of such a summary has lost a change and loads a snapshot. Batches without a commit for 15 minutes are
 *   forgotten unless a client watches them.
 *
 * After a kill nothing has to be restored: the next process reads LIVE again, and clients subscribe again with the
 * version that they have.
 */
@Injectable()
export class FanOut implements OnModuleInit, OnApplicationShutdown {
  /** Changes that wait for the next flush, by batch. */
  private cells = new Map<number, CellsChange[]>();
  /** The latest percentage of each run since the last flush. */
  private readonly progress = new Map<number, ProgressMessage>();
  private readonly timers: NodeJS.Timeout[] = [];
  private cellsTimer: NodeJS.Timeout | undefined;
  /** When the last summary of each batch was sent, with which state, and the timer of the next one. */
  private readonly sent = new Map<number, SentSummary>();

  constructor(
    private readonly batches: LiveBatches,
    private readonly gateway: LiveGateway,
  ) {}

  onModuleInit(): void {
    this.timers.push(
      setInterval(() => this.sendProgress(), PROGRESS_FLUSH),
      setInterval(() => this.repeatSummaries(), REPEAT_SUMMARIES),
    );
  }

  onApplicationShutdown(): void {
    this.timers.forEach(clearInterval);
    clearTimeout(this.cellsTimer);
    for (const { timer } of this.sent.values()) clearTimeout(timer);
  }

  commit({ commit, cells }: LiveMessage): void {
    const { batch } = commit;
    const { change, isNewSummary } = this.batches.add(commit, cells, monotonicNow());
    if (change) this.planCells(batch, change);
    if (isNewSummary) this.planSummary(batch);
  }

  reportProgress(message: ProgressMessage): void {
    if (this.gateway.isWatched(batchTopic(message.batch))) this.progress.set(message.run, message);
  }

  private planCells(batch: number, change: CellsChange): void {
    const changes = this.cells.get(batch) ?? [];
    const last = changes.at(-1);
    if (last && change.from <= last.to) changes[changes.length - 1] = mergeChanges([last, change]);
    else changes.push(change);
    this.cells.set(batch, changes);
    this.cellsTimer ??= setTimeout(() => this.sendCells(), CELLS_FLUSH);
  }

  private sendCells(): void {
    const flushed = this.cells;
    this.cells = new Map();
    this.cellsTimer = undefined;
    for (const [batch, changes] of flushed) {
      const topic = batchTopic(batch);
      for (const { from, to, cells } of changes) {
        this.gateway.server.to(topic).emit('cells', { topic, from, to, buf: cells });
      }
    }
  }

  private sendProgress(): void {
    for (const { batch, ...progress } of this.progress.values()) {
      const topic = batchTopic(batch);
      this.gateway.server.to(topic).emit('progress', { topic, ...progress });
    }
    this.progress.clear();
  }

  private repeatSummaries(): void {
    const now = monotonicNow();
    for (const batch of this.gateway.watchedBatches()) {
      const isRecent = now - (this.sent.get(batch)?.at ?? -Infinity) < SECOND;
      const isFinished = this.batches.summaryOf(batch)?.state === 'finished';
      if (!isRecent && !isFinished) this.sendSummary(batch, [batchTopic(batch)]);
    }
    for (const batch of this.sent.keys()) if (!this.batches.summaryOf(batch)) this.sent.delete(batch);
    this.batches.forget(monotonicNow() - REMEMBER, (batch) => this.gateway.isWatched(batchTopic(batch)));
  }

  private planSummary(batch: number): void {
    const last = this.sent.get(batch);
    const now = monotonicNow();
    const state = this.batches.summaryOf(batch)?.state;
    const isDue = !last || last.state !== state || now - last.at >= SECOND;
    if (!isDue) {
      last.timer ??= setTimeout(() => this.sendNewSummary(batch), last.at + SECOND - now);
      return;
    }
    this.sendNewSummary(batch);
  }

  private sendNewSummary(batch: number): void {
    clearTimeout(this.sent.get(batch)?.timer);
    this.sent.set(batch, { at: monotonicNow(), state: this.batches.summaryOf(batch)?.state, timer: undefined });
    this.sendSummary(batch, [batchTopic(batch), BATCHES_TOPIC]);
  }

  private sendSummary(batch: number, topics: readonly string[]): void {
    const summary = this.batches.summaryOf(batch);
    if (!summary) return;
    for (const topic of topics) this.gateway.server.to(topic).emit('summary', { topic, summary });
  }
}
