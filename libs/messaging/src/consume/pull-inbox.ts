import { type Msg, nuid, type Subscription } from 'nats';
import { monotonicNow } from '#libs/runtime';
import type { NatsLink } from '../connection/nats-link.js';

const SECOND = 1000;
const PULL_EXPIRES = 30 * SECOND;
const NANOSECONDS_PER_MS = 1_000_000;
/** While pull requests wait, the server sends a status this often. */
const IDLE_HEARTBEAT = 3 * SECOND;
/** Without a message or a status for this long, the requests count as lost: two heartbeats are missing. */
const LOST_AFTER = 2 * IDLE_HEARTBEAT + SECOND;
const EXPIRED = 408;
const HEARTBEAT = 100;
const NAK = new TextEncoder().encode('-NAK');

interface Handlers {
  readonly onMessage: (message: Msg) => void;
  /**
   * The server dropped pull requests. `expired`: one of them; pull again. `unavailable`: all of them, because the
   * consumer does not exist; pull again after a pause.
   */
  readonly onReleased: (reason: 'expired' | 'unavailable') => void;
}

/**
 * Pull requests of one consumer over one inbox. Counts the requested messages that have not arrived, so that a caller
 * requests exactly as many as it has free slots. The client's own methods are not used: `consume()` prefetches messages
 * that then wait behind a long stage, and `next()` for each slot takes four times the CPU.
 */
export class PullInbox {
  private inbox = '';
  private subscription: Subscription | undefined;
  private requested = 0;
  private lastSign = monotonicNow();

  constructor(
    private readonly link: Pick<NatsLink, 'connection' | 'outbox'>,
    private readonly source: { readonly stream: string; readonly consumer: string },
    private readonly handlers: Handlers,
  ) {
    this.reset();
  }

  /** Number of requested messages that have not arrived. */
  get outstanding(): number {
    return this.requested;
  }

  /** True when the server has sent nothing for longer than two of its heartbeats. `now`: `monotonicNow`. */
  isLost(now: number): boolean {
    return this.requested > 0 && now - this.lastSign > LOST_AFTER;
  }

  pull(count: number): void {
    this.requested += count;
    this.lastSign = monotonicNow();
    const { stream, consumer } = this.source;
    const request = JSON.stringify({
      batch: count,
      expires: PULL_EXPIRES * NANOSECONDS_PER_MS,
      idle_heartbeat: IDLE_HEARTBEAT * NANOSECONDS_PER_MS,
    });
    this.link.outbox.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, {
      reply: `${this.inbox}.p`,
    });
  }

  /** Cancels all requests by moving to a new inbox: the server stops serving requests whose inbox has no subscriber. */
  reset(): void {
    this.close();
    const inbox = `_INBOX.${nuid.next()}`;
    this.inbox = inbox;
    this.subscription = this.link.connection.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error) return;
        if (inbox === this.inbox) this.receive(message);
        // A message for a cancelled request returns to the queue now instead of after the ack wait.
        else if (message.reply) this.link.outbox.publish(message.reply, NAK);
      },
    });
  }

  close(): void {
    const { subscription } = this;
    this.subscription = undefined;
    this.inbox = '';
    this.requested = 0;
    // Draining still accepts messages in transit. It fails without a connection, and then nothing is in transit.
    subscription?.drain().catch(() => subscription.unsubscribe());
  }

  private receive(message: Msg): void {
    this.lastSign = monotonicNow();
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
