import type { Msg } from 'nats';
import { Stopwatch } from '#libs/runtime';
import type { Outbox } from '../connection/outbox.js';

const WORKING = new TextEncoder().encode('+WPI');
const NAK = new TextEncoder().encode('-NAK');
/** Short: the message counts as delivered until then, and holds a slot of its app. */
const LATER = new TextEncoder().encode(`-NAK {"delay": ${5 * 1_000_000_000}}`);
const ACK = new TextEncoder().encode('+ACK');

/** Information about a delivery that JetStream encodes in its reply subject. */
export interface DeliveryInfo {
  /** Number of deliveries of this message, including this one. */
  readonly deliveries: number;
  readonly streamSequence: number;
  readonly consumerSequence: number;
  /** When the broker stored the message, in nanoseconds since 1970, as a decimal string (beyond 2^53). */
  readonly timestamp: string;
}

/**
 * Parses `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<timestamp>.<pending>` and its longer
 * form with domain and account in front; null for any other reply subject.
 */
export function parseAckSubject(reply: string | undefined): DeliveryInfo | null {
  const tokens = reply?.split('.') ?? [];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || (tokens.length !== 9 && tokens.length < 11)) return null;
  const offset = tokens.length === 9 ? 4 : 6;
  const [deliveries, streamSequence, consumerSequence, timestamp] = tokens.slice(offset);
  return {
    deliveries: Number(deliveries),
    streamSequence: Number(streamSequence),
    consumerSequence: Number(consumerSequence),
    timestamp: timestamp!,
  };
}

/** A message that is being handled; after a redelivery, `ack` and `working` use the newest handle. */
export class Delivery {
  /** Milliseconds since 1970, for display. */
  readonly receivedAt = Date.now();
  /** Started when the message was received. */
  readonly received = new Stopwatch();
  readonly subject: string;
  readonly body: Uint8Array;
  private handle: Msg;
  private acknowledged = false;

  constructor(
    private readonly outbox: Outbox,
    message: Msg,
    readonly info: DeliveryInfo,
    /** True when the stage may have been settled before: redelivered, old, or after an interruption. */
    readonly mayBeSettled: boolean,
    /**
     * Whether this process was suspended, or had no connection, since the message was received: the broker may have
     * delivered it to another worker.
     */
    readonly wasInterrupted: () => boolean,
  ) {
    this.subject = message.subject;
    this.body = message.data;
    this.handle = message;
  }

  header(name: string): string | undefined {
    return this.handle.headers?.get(name) || undefined;
  }

  /** Replaces the handle after a redelivery: the broker accepts acknowledgements of the newest delivery only. */
  renew(message: Msg): void {
    this.handle = message;
  }

  /** Reports to the broker that the message is in progress, which restarts its ack wait. */
  working(): void {
    this.outbox.publish(this.handle.reply!, WORKING);
  }

  /** Returns the message to the queue now, for another worker or the next start, unless it was acknowledged. */
  returnToQueue(): void {
    if (!this.acknowledged) this.outbox.publish(this.handle.reply!, NAK);
  }

  /** Returns the message to the queue; the broker delivers it again after 5 s. */
  returnLater(): void {
    this.outbox.publish(this.handle.reply!, LATER);
  }

  ack(): void {
    this.acknowledged = true;
    this.outbox.publish(this.handle.reply!, ACK);
  }
}
