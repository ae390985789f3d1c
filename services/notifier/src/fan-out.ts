import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BATCHES_TOPIC, batchTopic } from '#libs/contracts';
import type { LiveMessage, ProgressMessage } from '#libs/messaging';
import { FlushQueue } from './flush-queue.js';
import { LiveBatches } from './live-batches.js';
import { LiveGateway } from './live.gateway.js';
import { ProgressPace } from './progress-pace.js';

const SECOND = 1000;
/** Commits that arrive together, as after a reconnect, leave in one message. */
const CELLS_FLUSH = 20;
const PROGRESS_FLUSH = SECOND / 4;
const REPEAT_SUMMARIES = SECOND;
/** As long as LIVE itself keeps a commit. */
const REMEMBER = 15 * 60 * SECOND;

/** Sends what the recorder committed, and percents of running stages, to whoever watches. */
@Injectable()
export class FanOut implements OnModuleInit, OnApplicationShutdown {
  private readonly cells = new FlushQueue();
  private readonly progress = new ProgressPace();
  private readonly timers: NodeJS.Timeout[] = [];
  private cellsTimer: NodeJS.Timeout | undefined;

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
  }

  commit({ commit, cells }: LiveMessage): void {
    const { batch } = commit;
    const { change, isNewSummary } = this.batches.add(commit, cells, Date.now());
    if (change) {
      this.cells.add(batch, change);
      this.cellsTimer ??= setTimeout(() => this.sendCells(), CELLS_FLUSH);
    }
    if (isNewSummary) this.sendSummary(batch, [batchTopic(batch), BATCHES_TOPIC]);
  }

  reportProgress(message: ProgressMessage): void {
    if (this.gateway.isWatched(batchTopic(message.batch))) this.progress.add(message);
  }

  private sendCells(): void {
    this.cellsTimer = undefined;
    for (const [batch, changes] of this.cells.take()) {
      const topic = batchTopic(batch);
      for (const { from, to, cells } of changes) {
        this.gateway.server.to(topic).emit('cells', { topic, from, to, buf: cells });
      }
    }
  }

  private sendProgress(): void {
    for (const { batch, run, row, index, percent } of this.progress.take()) {
      const topic = batchTopic(batch);
      this.gateway.server.to(topic).emit('progress', { topic, run, row, index, percent });
    }
  }

  // A client whose cells stay behind the version of these summaries has missed something and reads a snapshot.
  private repeatSummaries(): void {
    for (const batch of this.gateway.watchedBatches()) this.sendSummary(batch, [batchTopic(batch)]);
    this.batches.forget(Date.now() - REMEMBER, (batch) => this.gateway.isWatched(batchTopic(batch)));
  }

  private sendSummary(batch: number, topics: readonly string[]): void {
    const summary = this.batches.summaryOf(batch);
    if (!summary) return;
    for (const topic of topics) this.gateway.server.to(topic).emit('summary', { topic, summary });
  }
}
