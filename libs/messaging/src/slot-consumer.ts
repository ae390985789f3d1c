import type { Msg, NatsConnection } from 'nats';
import { ACK_WAIT_SECONDS } from '#libs/contracts';
import { Delivery, parseAckSubject } from './delivery.js';
import { PullInbox } from './pull-inbox.js';
import type { StallWatch } from './stall-watch.js';

const SECOND = 1000;
const NANOSECONDS_PER_MS = 1_000_000n;
const WATCHDOG = 5 * SECOND;
const RETRY_UNAVAILABLE = SECOND;
/** Older messages, and all that a consumer hands over soon after it was made again, may have been settled. */
const OLD = ACK_WAIT_SECONDS * SECOND;

export interface SlotConsumerOptions {
  readonly stream: string;
  readonly consumer: string;
  /** Messages handled at once by this process. */
  readonly slots: number;
  /** Settles the message itself, by acknowledging it; a rejection leaves it to the broker's redelivery. */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

/** Hands messages of one durable pull consumer to a handler, as many at once as it has slots. */
export class SlotConsumer {
  private readonly inFlight = new Map<number, Delivery>();
  private readonly pulls: PullInbox;
  private readonly watchdog: NodeJS.Timeout;
  private lastConsumerSequence = 0;
  // A process that begins cannot know whether the consumer was made again before it: it looks twice for a while.
  private suspectUntil = Date.now() + OLD;
  private refillPlanned = false;
  private stopped = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly stalls: StallWatch,
    private readonly options: SlotConsumerOptions,
  ) {
    this.pulls = new PullInbox(connection, options.stream, options.consumer, {
      onMessage: (message) => this.receive(message),
      onReleased: (reason) => this.released(reason),
    });
    this.watchdog = setInterval(() => {
      if (this.pulls.isLost(Date.now())) this.restart();
    }, WATCHDOG).unref();
    this.planRefill();
  }

  /** Deliveries being handled now. */
  held(): Iterable<Delivery> {
    return this.inFlight.values();
  }

  /** Asks anew after a reconnect: the old server may have forgotten our requests. */
  restart(): void {
    this.pulls.reset();
    this.planRefill();
  }

  /** Stops pulling; what is in flight goes on. */
  stop(): void {
    this.stopped = true;
    clearInterval(this.watchdog);
    this.pulls.close();
  }

  private released(reason: 'expired' | 'unavailable'): void {
    if (reason === 'expired') this.planRefill();
    else setTimeout(() => this.planRefill(), RETRY_UNAVAILABLE).unref();
  }

  // Slots that fall free in one turn of the event loop share one request.
  private planRefill(): void {
    if (this.refillPlanned || this.stopped) return;
    this.refillPlanned = true;
    setImmediate(() => {
      this.refillPlanned = false;
      const free = this.options.slots - this.inFlight.size - this.pulls.outstanding;
      if (free > 0 && !this.stopped && !this.connection.isClosed()) this.pulls.pull(free);
    });
  }

  private receive(message: Msg): void {
    const info = parseAckSubject(message.reply);
    if (!info) return;
    const held = this.inFlight.get(info.streamSequence);
    if (held && held.info.timestamp === info.timestamp) {
      held.renew(message);
      this.planRefill();
      return;
    }
    const now = Date.now();
    if (info.consumerSequence <= this.lastConsumerSequence) this.suspectUntil = now + OLD;
    this.lastConsumerSequence = info.consumerSequence;
    const age = now - Number(BigInt(info.timestamp) / NANOSECONDS_PER_MS);
    const mayBeSettled = info.deliveries > 1 || age > OLD || now < this.suspectUntil || this.stalls.stalled(now);
    const delivery = new Delivery(this.connection, message, info, mayBeSettled);
    this.inFlight.set(info.streamSequence, delivery);
    void this.options.handle(delivery).finally(() => {
      if (this.inFlight.get(info.streamSequence) === delivery) this.inFlight.delete(info.streamSequence);
      this.planRefill();
    });
  }
}
