import { type Msg, type NatsConnection, nuid, type Subscription } from 'nats';
import type { Outbox } from './outbox.js';

const SECOND = 1000;
const PULL_EXPIRES = 30 * SECOND;
const NANOSECONDS_PER_MS = 1_000_000;
/** After this silence beyond its expiry a pull request counts as lost. */
const LOST_GRACE = 10 * SECOND;
const EXPIRED = 408;
const HEARTBEAT = 100;
const NAK = new TextEncoder().encode('-NAK');

interface Handlers {
  readonly onMessage: (message: Msg) => void;
  /**
   * The server let go of pull requests. `expired`: one of them, ask again. `unavailable`: all of them, because the
   * consumer is not there; ask again after a moment.
   */
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
    private readonly outbox: Outbox,
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
    this.outbox.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${this.consumer}`, request, {
      reply: `${this.inbox}.p`,
    });
  }

  /** Forgets all requests; a fresh inbox keeps the server from serving the forgotten ones. */
  reset(): void {
    this.close();
    const inbox = `_INBOX.${nuid.next()}`;
    this.inbox = inbox;
    this.subscription = this.connection.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error) return;
        if (inbox === this.inbox) this.receive(message);
        // It was under way when its request was forgotten: nobody waits for it here, and others need not either.
        else if (message.reply) this.outbox.publish(message.reply, NAK);
      },
    });
  }

  close(): void {
    const { subscription } = this;
    this.subscription = undefined;
    this.inbox = '';
    this.requested = 0;
    // Draining still takes what is under way; it fails when the connection is away, and so is what was under way.
    subscription?.drain().catch(() => subscription.unsubscribe());
  }

  private receive(message: Msg): void {
    this.lastSign = Date.now();
    if (message.reply) {
      this.requested = Math.max(0, this.requested - 1);
      this.handlers.onMessage(message);
      return;
    }
    const code = message.headers?.code ?? 0;
    if (code === HEARTBEAT) return;
    if (code === EXPIRED) {
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
