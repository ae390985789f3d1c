import { ErrorCode, type Msg, type NatsConnection, type NatsError, nuid, type Subscription } from 'nats';
import { PublishConflict, PublishRefused, PublishUncertain } from './errors.js';
import type { Outbox } from './outbox.js';
import { writtenHeaders } from './written-headers.js';

const SECOND = 1000;
const ACK_TIMEOUT = 5 * SECOND;
const TIMEOUT_CHECK = SECOND / 2;
/** Wrong last sequence of the subject. */
const CONFLICT_CODE = 10071;
/** Message larger than the stream takes. */
const TOO_LARGE_CODE = 10054;
const EXPECT_LAST = 'Nats-Expected-Last-Subject-Sequence';
/** Errors from here on are of the server's state: no space, no leader. */
const SERVER_ERRORS = 500;

/** What goes with a publication besides its body. */
export interface PublishOptions {
  /** `Nats-` names mean something to the server; line breaks in values become spaces. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Store only if the subject's last message has this sequence; 0: only if it has none. */
  readonly expectLast?: number;
}

interface Pending {
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: number;
}

interface PubAck {
  seq?: number;
  error?: { code: number; err_code: number; description: string };
}

/**
 * Publishes to JetStream and awaits the server's acknowledgement, with one inbox and one timer for all
 * publications: the client's own `js.publish` costs twice the CPU for its timer and error objects per call.
 */
export class LeanPublisher {
  private readonly inbox = `_INBOX.${nuid.next()}`;
  private readonly pending = new Map<string, Pending>();
  private readonly subscription: Subscription;
  private timer: NodeJS.Timeout | undefined;
  private counter = 0;

  constructor(
    connection: NatsConnection,
    private readonly outbox: Outbox,
  ) {
    this.subscription = connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.settle(message);
      },
    });
  }

  /**
   * Resolves to the stored message's sequence. Rejects with PublishConflict, PublishRefused, or PublishUncertain
   * when the server cannot take it now, the connection breaks, or no acknowledgement came within 5 s.
   */
  publish(subject: string, body: Uint8Array, options: PublishOptions = {}): Promise<number> {
    const token = (++this.counter).toString(36);
    return new Promise<number>((resolve, reject) => {
      this.pending.set(token, { resolve, reject, deadline: Date.now() + ACK_TIMEOUT });
      this.watchDeadlines();
      const reply = `${this.inbox}.${token}`;
      const headers = headersOf(options);
      this.outbox.publish(subject, body, headers ? { reply, headers } : { reply }, (error) => {
        this.pending.delete(token);
        reject(notSent(subject, error as NatsError));
      });
    });
  }

  /** Gives up waiting for acknowledgements of a connection that is gone; nobody will send them again. */
  abandon(reason: string): void {
    for (const { reject } of this.pending.values()) reject(new PublishUncertain(reason));
    this.pending.clear();
  }

  close(): void {
    clearTimeout(this.timer);
    this.subscription.unsubscribe();
    this.abandon('the connection was closed');
  }

  private settle(message: Msg): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const pending = this.pending.get(token);
    if (!pending) return;
    this.pending.delete(token);
    if (message.headers?.code === 503) {
      pending.reject(new PublishUncertain('no stream takes this subject now'));
      return;
    }
    const ack = message.json<PubAck>();
    if (ack.error === undefined) pending.resolve(ack.seq ?? 0);
    else if (ack.error.err_code === CONFLICT_CODE) pending.reject(new PublishConflict(ack.error.description));
    else if (ack.error.code >= SERVER_ERRORS) pending.reject(new PublishUncertain(ack.error.description));
    else pending.reject(new PublishRefused(ack.error.description, ack.error.err_code));
  }

  // None runs while nothing is waited for: an idle process sleeps.
  private watchDeadlines(): void {
    this.timer ??= setTimeout(() => this.expire(Date.now()), TIMEOUT_CHECK).unref();
  }

  // All deadlines are equally long, so the map's insertion order is the order of deadlines.
  private expire(now: number): void {
    this.timer = undefined;
    for (const [token, { deadline, reject }] of this.pending) {
      if (deadline > now) break;
      this.pending.delete(token);
      reject(new PublishUncertain('no acknowledgement within 5 s'));
    }
    if (this.pending.size > 0) this.watchDeadlines();
  }
}

const headersOf = ({ headers, expectLast }: PublishOptions) =>
  headers === undefined && expectLast === undefined
    ? undefined
    : writtenHeaders(headers ?? {}, expectLast === undefined ? {} : { [EXPECT_LAST]: String(expectLast) });

function notSent(subject: string, error: NatsError): Error {
  return error.code === ErrorCode.MaxPayloadExceeded
    ? new PublishRefused(`${subject} was not sent: the message is larger than the server takes`, TOO_LARGE_CODE)
    : new PublishUncertain(`${subject} was not sent: ${error.message}`, { cause: error });
}
