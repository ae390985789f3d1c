import { headers as createHeaders, type Msg, type NatsConnection, nuid, type Subscription } from 'nats';
import { PublishConflict, PublishRefused, PublishUncertain } from './errors.js';

const SECOND = 1000;
const ACK_TIMEOUT = 5 * SECOND;
const TIMEOUT_CHECK = SECOND / 2;
/** Wrong last sequence of the subject. */
const CONFLICT_CODE = 10071;

/** What goes with a publication besides its body. */
export interface PublishOptions {
  /** `Nats-` names are reserved for the server. */
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
  error?: { err_code: number; description: string };
}

/**
 * Publishes to JetStream and awaits the server's acknowledgement, with one inbox and one timer for all
 * publications: the client's own `js.publish` costs twice the CPU for its timer and error objects per call.
 */
export class LeanPublisher {
  private readonly inbox = `_INBOX.${nuid.next()}`;
  private readonly pending = new Map<string, Pending>();
  private readonly subscription: Subscription;
  private readonly timer: NodeJS.Timeout;
  private counter = 0;

  constructor(private readonly connection: NatsConnection) {
    this.subscription = connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.settle(message);
      },
    });
    this.timer = setInterval(() => this.expire(Date.now()), TIMEOUT_CHECK);
    this.timer.unref();
  }

  /**
   * Resolves to the stored message's sequence. Rejects with PublishConflict, PublishRefused, or PublishUncertain
   * when no acknowledgement came within 5 s.
   */
  publish(subject: string, body: Uint8Array, { headers, expectLast }: PublishOptions = {}): Promise<number> {
    const token = (++this.counter).toString(36);
    return new Promise<number>((resolve, reject) => {
      const options: { reply: string; headers?: ReturnType<typeof createHeaders> } = {
        reply: `${this.inbox}.${token}`,
      };
      if (headers !== undefined || expectLast !== undefined) {
        options.headers = createHeaders();
        for (const [name, value] of Object.entries(headers ?? {})) options.headers.set(name, value);
        if (expectLast !== undefined) options.headers.set('Nats-Expected-Last-Subject-Sequence', String(expectLast));
      }
      try {
        this.connection.publish(subject, body, options);
        this.pending.set(token, { resolve, reject, deadline: Date.now() + ACK_TIMEOUT });
      } catch (error) {
        reject(new PublishUncertain(`${subject} was not sent: ${(error as Error).message}`, { cause: error }));
      }
    });
  }

  close(): void {
    clearInterval(this.timer);
    this.subscription.unsubscribe();
    for (const { reject } of this.pending.values()) reject(new PublishUncertain('the connection was closed'));
    this.pending.clear();
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
    else pending.reject(new PublishRefused(ack.error.description, ack.error.err_code));
  }

  // All deadlines are equally long, so the map's insertion order is the order of deadlines.
  private expire(now: number): void {
    for (const [token, { deadline, reject }] of this.pending) {
      if (deadline > now) return;
      this.pending.delete(token);
      reject(new PublishUncertain('no acknowledgement within 5 s'));
    }
  }
}
