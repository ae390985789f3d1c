import { ErrorCode, type Msg, type NatsConnection, type NatsError, nuid, type Subscription } from 'nats';
import { monotonicNow } from '#libs/runtime';
import { PublishConflict, PublishRefused, PublishUncertain } from '../errors.js';
import type { Outbox } from '../connection/outbox.js';
import { encodedHeaders } from './message-headers.js';
import type { PublicationWatch } from './publication-watch.js';

const SECOND = 1000;
const ACK_TIMEOUT = 5 * SECOND;
const TIMEOUT_CHECK = SECOND / 2;
/** Wrong last sequence of the subject. */
const CONFLICT_CODE = 10071;
/** The message is larger than the stream allows. */
const TOO_LARGE_CODE = 10054;
const EXPECT_LAST = 'Nats-Expected-Last-Subject-Sequence';
/** Codes from here on report the state of the server, such as no space or no leader; a later attempt may succeed. */
const SERVER_ERRORS = 500;

/** Headers and expectation of a publication. */
export interface PublishOptions {
  /** The server interprets names that start with `Nats-`; line breaks in values become spaces. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Store only if the subject's last message has this sequence; 0: only if the subject has no message. */
  readonly expectLast?: number;
}

interface Pending {
  readonly subject: string;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: Error) => void;
  /** On the clock of `monotonicNow`. */
  readonly deadline: number;
}

interface PubAck {
  seq?: number;
  error?: { code: number; err_code: number; description: string };
}

/**
 * Publishes to JetStream and waits for the acknowledgement of the server, with one inbox and one timer for all
 * publications. The client's own `js.publish` creates a timer and error objects for each call, at twice the CPU time.
 *
 * Each publication ends in exactly one of four ways:
 *
 * - resolved with its sequence: stored;
 * - PublishConflict: the subject's last message is not the expected one (`expectLast`); nothing was stored;
 * - PublishRefused: the server never accepts this message; nothing was stored;
 * - PublishUncertain: it may be stored or not. This covers a server that cannot store it now, no acknowledgement
 *   within 5 s, and a lost connection, after which `abandon` ends all waiting publications immediately.
 *
 * It does not retry: a caller that needs certainty uses `publishOnce`, or repeats with the same `expectLast`. A kill
 * leaves waiting publications uncertain in the same way.
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
    private readonly watch?: PublicationWatch,
  ) {
    this.subscription = connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.settle(message);
      },
    });
  }

  /**
   * Resolves to the sequence of the stored message; rejects with PublishConflict, PublishRefused or PublishUncertain.
   */
  publish(subject: string, body: Uint8Array, options: PublishOptions = {}): Promise<number> {
    const token = (++this.counter).toString(36);
    return new Promise<number>((resolve, reject) => {
      this.pending.set(token, { subject, resolve, reject, deadline: monotonicNow() + ACK_TIMEOUT });
      this.watchDeadlines();
      const reply = `${this.inbox}.${token}`;
      const headers = headersOf(options);
      this.outbox.publish(subject, body, headers ? { reply, headers } : { reply }, (error) => {
        this.pending.delete(token);
        reject(notSent(subject, error as NatsError));
      });
    });
  }

  /** Ends all waiting publications as uncertain after a lost connection: their acknowledgements will not arrive. */
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
      this.refuse(pending, 'no stream accepts this subject at the moment');
      return;
    }
    const ack = message.json<PubAck>();
    if (ack.error === undefined) {
      this.watch?.succeeded(pending.subject);
      pending.resolve(ack.seq ?? 0);
    } else if (ack.error.err_code === CONFLICT_CODE) pending.reject(new PublishConflict(ack.error.description));
    else if (ack.error.code >= SERVER_ERRORS) this.refuse(pending, ack.error.description);
    else pending.reject(new PublishRefused(ack.error.description, ack.error.err_code));
  }

  private refuse({ subject, reject }: Pending, reason: string): void {
    this.watch?.failed(subject, reason);
    reject(new PublishUncertain(reason));
  }

  // The timer runs only while publications wait, so that an idle process sleeps.
  private watchDeadlines(): void {
    this.timer ??= setTimeout(() => this.expire(monotonicNow()), TIMEOUT_CHECK).unref();
  }

  // All deadlines are equally long, so the map's insertion order is the order of deadlines.
  private expire(now: number): void {
    this.timer = undefined;
    for (const [token, pending] of this.pending) {
      if (pending.deadline > now) break;
      this.pending.delete(token);
      this.refuse(pending, 'no acknowledgement within 5 s');
    }
    if (this.pending.size > 0) this.watchDeadlines();
  }
}

const headersOf = ({ headers, expectLast }: PublishOptions) =>
  headers === undefined && expectLast === undefined
    ? undefined
    : encodedHeaders(headers ?? {}, expectLast === undefined ? {} : { [EXPECT_LAST]: String(expectLast) });

function notSent(subject: string, error: NatsError): Error {
  return error.code === ErrorCode.MaxPayloadExceeded
    ? new PublishRefused(`${subject} was not sent: the message is larger than the server accepts`, TOO_LARGE_CODE)
    : new PublishUncertain(`${subject} was not sent: ${error.message}`, { cause: error });
}
