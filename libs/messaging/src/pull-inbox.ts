import { type Msg, type NatsConnection, nuid, type Subscription } from 'nats';

const SECOND = 1000;
const PULL_EXPIRES = 30 * SECOND;
const NANOSECONDS_PER_MS = 1_000_000;
/** After this silence beyond its expiry a pull request counts as lost. */
const LOST_GRACE = 10 * SECOND;

interface Handlers {
  readonly onMessage: (message: Msg) => void;
  /** The server let go of pull requests: ask again for `free` slots, after a moment when the consumer is not there. */
  readonly onReleased: (reason: 'expired' | 'unavailable') => void;
}

/**
 * Pull requests of one consumer over one inbox. Counts what has been asked for and not yet delivered, so that a
 * caller asks exactly for its free slots: nothing is prefetched (the client's `consume()` hoards messages,
 * `next()` per slot costs several times the CPU).
 */
export class PullInbox {
  private inbox = '';
  private subscription: Subscription | undefined;
  private requested = 0;
  private lastSign = Date.now();

  constructor(
    private readonly connection: NatsConnection,
    private readonly stream: string,
    private readonly consumer: string,
    private readonly handlers: Handlers,
  ) {
    this.reset();
  }

  /** Messages asked for and not yet delivered. */
  get outstanding(): number {
    return this.requested;
  }

  /** True when the server owes messages or a status for longer than any pull request lasts. */
  isLost(now: number): boolean {
    return this.requested > 0 && now - this.lastSign > PULL_EXPIRES + LOST_GRACE;
  }

  pull(count: number): void {
    this.requested += count;
    this.lastSign = Date.now();
    const request = JSON.stringify({ batch: count, expires: PULL_EXPIRES * NANOSECONDS_PER_MS });
    this.connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${this.consumer}`, request, {
      reply: `${this.inbox}.p`,
    });
  }

  /** Forgets all requests; a fresh inbox keeps the server from serving the forgotten ones. */
  reset(): void {
    this.subscription?.unsubscribe();
    this.requested = 0;
    this.inbox = `_INBOX.${nuid.next()}`;
    this.subscription = this.connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.receive(message);
      },
    });
  }

  close(): void {
    this.subscription?.unsubscribe();
    this.subscription = undefined;
  }

  private receive(message: Msg): void {
    this.lastSign = Date.now();
    if (message.reply) {
      this.requested = Math.max(0, this.requested - 1);
      this.handlers.onMessage(message);
      return;
    }
    const code = message.headers?.code ?? 0;
    if (code === 100) return;
    if (code === 408) {
      const left = Number(message.headers?.get('Nats-Pending-Messages') || this.requested);
      this.requested = Math.max(0, this.requested - left);
      this.handlers.onReleased('expired');
      return;
    }
    // 404, 409 (consumer deleted, leadership changed) and 503 (no stream) end all requests of this inbox.
    this.reset();
    this.handlers.onReleased('unavailable');
  }
}
