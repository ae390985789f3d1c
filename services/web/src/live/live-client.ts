import type { Socket } from 'socket.io-client';
import type {
  BatchSummary,
  CellsChange,
  ClientToServerEvents,
  Progress,
  ServerToClientEvents,
  SubscribeAnswer,
} from '#libs/contracts';

export type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** State of the connection; `asOf` is the time of the last message, in milliseconds since 1970. */
export type LiveStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly asOf: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** A subscriber to a topic. */
export interface Watcher {
  readonly topic: string;
  /** Version of the watcher's data. */
  since(): number;
  /** Called after each subscription; after a gap, the watcher has to read its data again. */
  onAnswer(answer: SubscribeAnswer): void;
  onSummary?(summary: BatchSummary): void;
  onCells?(change: CellsChange): void;
  onProgress?(progress: Progress & { index: number }): void;
}

const SECOND = 1000;
const ANSWER_TIMEOUT = 5 * SECOND;
const RETRY_REFUSED = 15 * SECOND;

/**
 * The only connection of the page to the notifier. It subscribes its watchers at every connect and reconnect. If the
 * server refuses the session, it opens a new connection every 15 s.
 */
export class LiveClient {
  private readonly watchers = new Set<Watcher>();
  private readonly listeners = new Set<() => void>();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private heardAt = Date.now();
  private current: LiveStatus = { kind: 'connecting' };

  constructor(private readonly socket: LiveSocket) {
    const heard = () => (this.heardAt = Date.now());
    socket.io.on('ping', heard);
    socket.onAny(heard);
    socket.on('connect', () => {
      heard();
      this.become({ kind: 'live' });
      this.watchers.forEach((watcher) => void this.subscribe(watcher));
    });
    socket.on('disconnect', () => this.become({ kind: 'reconnecting', asOf: this.heardAt }));
    socket.on('connect_error', ({ message }) => {
      // Socket.IO reconnects automatically unless the server refused the connection.
      if (socket.active) return;
      this.refused(message);
    });
    socket.on('summary', ({ topic, summary }) => this.notify(topic, (watcher) => watcher.onSummary?.(summary)));
    socket.on('cells', ({ topic, from, to, buf }) => {
      const cells = buf instanceof Uint8Array ? buf : new Uint8Array(buf);
      this.notify(topic, (watcher) => watcher.onCells?.({ from, to, cells }));
    });
    socket.on('progress', ({ topic, ...progress }) => this.notify(topic, (watcher) => watcher.onProgress?.(progress)));
  }

  get status(): LiveStatus {
    return this.current;
  }

  onStatus(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Connects. Call after sign-in, because the server refuses anonymous connections. */
  open(): void {
    if (this.current.kind === 'connecting' && !this.socket.active) this.socket.connect();
  }

  /** Subscribes to a topic until the returned function is called. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    if (this.socket.connected) void this.subscribe(watcher);
    return () => {
      this.watchers.delete(watcher);
      const { topic } = watcher;
      const isWatched = [...this.watchers].some((other) => other.topic === topic);
      if (!isWatched && this.socket.connected) this.socket.emit('unsubscribe', { topic });
    };
  }

  private async subscribe(watcher: Watcher): Promise<void> {
    const request = { topic: watcher.topic, since: Math.max(watcher.since(), 0) };
    try {
      const answer = await this.socket.timeout(ANSWER_TIMEOUT).emitWithAck('subscribe', request);
      if (!this.watchers.has(watcher)) return;
      if (answer.ok) watcher.onAnswer(answer);
      else this.refused(answer.error ?? 'the subscription was refused');
    } catch {
      // No answer although connected: reconnect. If the connection is lost, the next `connect` event subscribes again.
      if (this.socket.connected && this.watchers.has(watcher)) this.socket.disconnect().connect();
    }
  }

  // A connection keeps the session it was opened with, so a renewed session needs a new connection.
  private refused(reason: string): void {
    this.socket.disconnect();
    this.become({ kind: 'refused', reason });
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.socket.connect(), RETRY_REFUSED);
  }

  private notify(topic: string, event: (watcher: Watcher) => void): void {
    for (const watcher of this.watchers) if (watcher.topic === topic) event(watcher);
  }

  private become(status: LiveStatus): void {
    this.current = status;
    this.listeners.forEach((listener) => listener());
  }
}
