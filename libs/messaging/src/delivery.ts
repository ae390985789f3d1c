import type { Msg } from 'nats';
import type { Outbox } from './outbox.js';

const WORKING = new TextEncoder().encode('+WPI');
const NAK = new TextEncoder().encode('-NAK');
const ACK = new TextEncoder().encode('+ACK');

/** What JetStream says about a delivery in its reply subject. */
export interface DeliveryInfo {
  /** Hand-overs of this message, this one included. */
  readonly deliveries: number;
  readonly streamSequence: number;
  readonly consumerSequence: number;
  /** When the broker stored the message, in nanoseconds since 1970, as a decimal string (beyond 2^53). */
  readonly timestamp: string;
}

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<timestamp>.<pending>` and its longer
 * form with domain and account in front; null for any other reply subject.
 */
export function parseAckSubject(reply: string | undefined): DeliveryInfo | null {
  const tokens = reply?.split('.') ?? [];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || (tokens.length !== 9 && tokens.length < 11)) return null;
  const offset = tokens.length === 9 ? 4 : 6;
  const [deliveries, streamSequence, consumerSequence, timestamp] = tokens.slice(offset, offset + 4);
  return {
    deliveries: Number(deliveries),
    streamSequence: Number(streamSequence),
    consumerSequence: Number(consumerSequence),
    timestamp: timestamp!,
  };
}

/** One hand-over of a message; `ack` and `working` use the newest handle when the broker handed it over again. */
export class Delivery {
  readonly receivedAt = Date.now();
  readonly subject: string;
  readonly body: Uint8Array;
  private handle: Msg;

  constructor(
    private readonly outbox: Outbox,
    message: Msg,
    readonly info: DeliveryInfo,
    /** True when the stage may have been settled before: redelivered, old, or from a consumer made again. */
    readonly mayBeSettled: boolean,
  ) {
    this.subject = message.subject;
    this.body = message.data;
    this.handle = message;
  }

  header(name: string): string | undefined {
    return this.handle.headers?.get(name) || undefined;
  }

  /** Takes over the newer handle of the same message: the broker counts only the newest delivery. */
  renew(message: Msg): void {
    this.handle = message;
  }

  /** Tells the broker that the message is being worked on, which starts its ack wait again. */
  working(): void {
    this.outbox.publish(this.handle.reply!, WORKING);
  }

  /** Gives the message back at once, for another worker or the next start. */
  giveBack(): void {
    this.outbox.publish(this.handle.reply!, NAK);
  }

  ack(): void {
    this.outbox.publish(this.handle.reply!, ACK);
  }
}
