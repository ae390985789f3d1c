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

/** How often a batch is read over REST, in milliseconds. */
export interface Pace {
  /** While its changes arrive by themselves: for what they do not tell, such as the time left. */
  readonly whileLive: number;
  /** While they do not. */
  readonly otherwise: number;
}

const SECOND = 1000;
export const PACE: Pace = { whileLive: 10 * SECOND, otherwise: 2 * SECOND };
const ANSWER_WITHIN = 5 * SECOND;

/**
 * The states of one batch, newest last: a snapshot, then what the notifier tells. A gap and a lost connection are
 * healed by a new snapshot, so that it follows a batch also where no live connection is possible.
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

  /** Follows the batch until the caller has seen enough, or `signal` says so. */
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
      // Not answered: the snapshot says what was missed, and the next connection subscribes again.
    }
    this.readAgain();
  }

  private take(summary: BatchSummary): void {
    if (this.view === null || summary.version <= this.view.summary.version) return;
    const isNewState = summary.state !== this.view.summary.state;
    this.view = { ...this.view, summary };
    // Only the batch itself tells when it began or ended.
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

  /** Resolves when there is something new, or it is time to look. */
  private async news(signal: AbortSignal): Promise<void> {
    if (this.hasNews || this.isStale || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        this.isStale = true;
        resolve();
      };
      const timer = setTimeout(look, this.socket.connected ? this.pace.whileLive : this.pace.otherwise);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
