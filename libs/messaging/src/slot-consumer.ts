import type { Msg } from 'nats';
import { Delivery, type DeliveryInfo, parseAckSubject } from './delivery.js';
import type { NatsLink } from './nats-link.js';
import { PullInbox } from './pull-inbox.js';
import type { StallWatch } from './stall-watch.js';
import { Suspicion } from './suspicion.js';

const SECOND = 1000;
const WATCHDOG = 5 * SECOND;
const RETRY_UNAVAILABLE = SECOND;

export interface SlotConsumerOptions {
  readonly stream: string;
  readonly consumer: string;
  /** Messages handled at once by this process. */
  readonly slots: number;
  /** Settles the message itself, by acknowledging it; a rejection leaves it to the broker's redelivery. */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

/** Sequences begin again in a stream that was made again. */
const identity = ({ streamSequence, timestamp }: DeliveryInfo) => `${streamSequence}/${timestamp}`;

/** Hands messages of one durable pull consumer to a handler, as many at once as it has slots. */
export class SlotConsumer {
  private readonly inFlight = new Map<string, Delivery>();
  private readonly suspicion = new Suspicion(Date.now());
  private readonly pulls: PullInbox;
  private readonly watchdog: NodeJS.Timeout;
  private slots: number;
  private refillPlanned = false;
  private stopped = false;

  constructor(
    private readonly link: Pick<NatsLink, 'connection' | 'outbox'>,
    private readonly stalls: StallWatch,
    private readonly options: SlotConsumerOptions,
  ) {
    this.slots = options.slots;
    this.pulls = new PullInbox(link.connection, link.outbox, options.stream, options.consumer, {
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

  /** Changes how many messages are handled at once; what is in flight goes on. */
  resize(slots: number): void {
    this.slots = slots;
    if (this.free() < 0) this.pulls.reset();
    this.planRefill();
  }

  /** Asks anew after a reconnect: the old server may have forgotten our requests, and what was acknowledged. */
  restart(): void {
    this.suspicion.raise(Date.now());
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
    else {
      this.suspicion.raise(Date.now());
      setTimeout(() => this.planRefill(), RETRY_UNAVAILABLE).unref();
    }
  }

  private free(): number {
    return this.slots - this.inFlight.size - this.pulls.outstanding;
  }

  // Slots that fall free in one turn of the event loop share one request.
  private planRefill(): void {
    if (this.refillPlanned || this.stopped) return;
    this.refillPlanned = true;
    this.link.outbox.atEndOfTurn(() => {
      this.refillPlanned = false;
      const free = this.free();
      if (free > 0 && !this.stopped && !this.link.connection.isClosed()) this.pulls.pull(free);
    });
  }

  private receive(message: Msg): void {
    const info = parseAckSubject(message.reply);
    if (!info) return;
    const now = Date.now();
    const mayBeSettled = this.suspicion.isOn(info, now) || this.stalls.stalled(now);
    const held = this.inFlight.get(identity(info));
    if (held) {
      held.renew(message);
      this.planRefill();
      return;
    }
    const delivery = new Delivery(this.link.outbox, message, info, mayBeSettled);
    this.inFlight.set(identity(info), delivery);
    const leave = () => {
      this.inFlight.delete(identity(info));
      this.planRefill();
    };
    this.options.handle(delivery).then(leave, leave);
  }
}
