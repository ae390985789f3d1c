import { io, type Socket } from 'socket.io-client';
import {
  type BatchSummary,
  batchTopic,
  type BatchView,
  type ClientToServerEvents,
  type ServerToClientEvents,
} from '#libs/contracts';
import type { Server } from '../connection/find-server.js';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Intervals in milliseconds at which a batch is read over REST. */
export interface Pace {
  /** While connected: for what live messages do not contain, such as the remaining time. */
  readonly whileLive: number;
  /** While not connected. */
  readonly otherwise: number;
}

const SECOND = 1000;
export const PACE: Pace = { whileLive: 10 * SECOND, otherwise: 2 * SECOND };
const ANSWER_WITHIN = 5 * SECOND;

/**
 * Follows the state of one batch.
 *
 * - Connected: a snapshot over REST, then the summaries that the notifier sends. A summary that is older than the shown
 *   state is ignored. The snapshot is read again every 10 s, and when the state of the batch changes.
 * - After a gap or a reconnect: a new snapshot.
 * - Not connected, or where no live connection is possible: a new snapshot every 2 s.
 */
export class BatchFeed {
  private readonly socket: LiveSocket;
  private view: BatchView | null = null;
  private wake: () => void = () => undefined;
  private isStale = true;
  private hasNews = false;

  constructor(
    server: Server,
    private readonly batch: number,
    private readonly fetchView: () => Promise<BatchView>,
    private readonly pace: Pace = PACE,
  ) {
    this.socket = io(server.url, {
      forceNew: true,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      extraHeaders: { authorization: `Bearer ${server.token}` },
      reconnectionDelay: SECOND / 2,
      reconnectionDelayMax: 5 * SECOND,
    });
    this.socket.on('connect', () => void this.subscribe());
    this.socket.on('summary', ({ topic, summary }) => {
      if (topic === batchTopic(batch)) this.take(summary);
    });
  }

  /** Yields each new state until the caller stops iterating; throws when `signal` aborts. */
  async *states(signal: AbortSignal): AsyncGenerator<BatchView> {
    const stop = () => this.wake();
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (!signal.aborted) {
        if (this.isStale) await this.refresh();
        this.hasNews = false;
        if (this.view) yield this.view;
        await this.news(signal);
      }
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', stop);
      this.socket.disconnect();
    }
  }

  private async subscribe(): Promise<void> {
    const since = this.view?.summary.version ?? 0;
    try {
      const request = { topic: batchTopic(this.batch), since };
      const answer = await this.socket.timeout(ANSWER_WITHIN).emitWithAck('subscribe', request);
      if (answer.ok && !answer.gap) return;
    } catch {
      // No response: the snapshot contains what was missed, and the next connection subscribes again.
    }
    this.readAgain();
  }

  private take(summary: BatchSummary): void {
    if (this.view === null || summary.version <= this.view.summary.version) return;
    const isNewState = summary.state !== this.view.summary.state;
    this.view = { ...this.view, summary };
    // A summary does not contain the start and finish times of the batch.
    if (isNewState) this.isStale = true;
    this.hasNews = true;
    this.wake();
  }

  private async refresh(): Promise<void> {
    this.isStale = false;
    const view = await this.fetchView();
    if (this.view === null || view.summary.version >= this.view.summary.version) this.view = view;
  }

  private readAgain(): void {
    this.isStale = true;
    this.wake();
  }

  /** Resolves when a summary has arrived or the next snapshot is due. */
  private async news(signal: AbortSignal): Promise<void> {
    if (this.hasNews || this.isStale || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const poll = () => {
        this.isStale = true;
        resolve();
      };
      const timer = setTimeout(poll, this.socket.connected ? this.pace.whileLive : this.pace.otherwise);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
