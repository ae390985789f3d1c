import type { Msg } from 'nats';
import { monotonicNow } from '#libs/runtime';
import type { NatsLink } from '../connection/nats-link.js';
import { Delivery, type DeliveryInfo, parseAckSubject } from './delivery.js';
import { PullInbox } from './pull-inbox.js';
import { readClocks } from './clocks.js';
import { RepeatDetector } from './repeat-detector.js';
import type { SuspensionWatch } from './suspension-watch.js';

const SECOND = 1000;
/** With the time until pull requests count as lost, less than 10 s. */
const WATCHDOG = 2 * SECOND;
const RETRY_UNAVAILABLE = SECOND;

export interface SlotConsumerOptions {
  readonly stream: string;
  readonly consumer: string;
  /** Messages that this process handles at once. */
  readonly slots: number;
  /** Settles the message itself, by acknowledging it; a rejection leaves it to the broker's redelivery. */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

/** The timestamp distinguishes messages with equal sequences before and after a stream was recreated. */
const identity = ({ streamSequence, timestamp }: DeliveryInfo) => `${streamSequence}/${timestamp}`;

/**
 * Passes the messages of one durable pull consumer to a handler, at most as many at once as it has slots.
 *
 * 1. *Refill*: at the end of each turn of the event loop in which a slot became free, one request pulls exactly as many
 *    messages as there are free slots. Nothing is prefetched, because a message that waits here behind a long stage
 *    could run on another worker.
 * 2. *Receive*: a message occupies a slot until its handler settles it. A redelivery of a message that is still being
 *    handled only replaces the handle by which it is acknowledged: the broker accepts the newest one.
 * 3. *Mark*: `mayBeSettled` marks deliveries whose stage may have been settled before (`RepeatDetector`,
 *    `SuspensionWatch`); the handler checks those against the event log before it starts work.
 * 4. *Release*: when the handler has resolved or rejected, its slot is free. A rejected message is delivered again
 *    after the ack wait.
 *
 * When the consumer does not exist (`unavailable`), pulling continues after 1 s. `restart` (after a reconnect, or when
 * the watchdog finds the pull requests lost) pulls again with a new inbox and keeps what is in flight. With fewer slots
 * than messages in flight, `resize` waits for handlers to finish.
 *
 * After a kill, the broker delivers the unacknowledged messages to another process when their ack wait ends.
 */
export class SlotConsumer {
  private readonly inFlight = new Map<string, Delivery>();
  private readonly repeats = new RepeatDetector(monotonicNow());
  private readonly pulls: PullInbox;
  private readonly watchdog: NodeJS.Timeout;
  private slots: number;
  private restarts = 0;
  private refillPlanned = false;
  private stopped = false;

  constructor(
    private readonly link: Pick<NatsLink, 'connection' | 'outbox'>,
    private readonly suspensions: SuspensionWatch,
    private readonly options: SlotConsumerOptions,
  ) {
    this.slots = options.slots;
    this.pulls = new PullInbox(link, options, {
      onMessage: (message) => this.receive(message),
      onReleased: (reason) => this.released(reason),
    });
    this.watchdog = setInterval(() => {
      if (this.pulls.isLost(monotonicNow())) this.restart();
    }, WATCHDOG).unref();
    this.planRefill();
  }

  /** Deliveries that are being handled. */
  held(): Iterable<Delivery> {
    return this.inFlight.values();
  }

  /** Changes how many messages are handled at once; messages in flight continue. */
  resize(slots: number): void {
    this.slots = slots;
    if (this.free() < 0) this.pulls.reset();
    this.planRefill();
  }

  /** Pulls again after a reconnect: the server may have lost the pull requests, and acknowledgements as well. */
  restart(): void {
    this.restarts += 1;
    this.repeats.distrust(monotonicNow());
    this.pulls.reset();
    this.planRefill();
  }

  /** Stops pulling; messages in flight continue. */
  stop(): void {
    this.stopped = true;
    clearInterval(this.watchdog);
    this.pulls.close();
  }

  private released(reason: 'expired' | 'unavailable'): void {
    if (reason === 'expired') this.planRefill();
    else {
      this.repeats.distrust(monotonicNow());
      setTimeout(() => this.planRefill(), RETRY_UNAVAILABLE).unref();
    }
  }

  private free(): number {
    return this.slots - this.inFlight.size - this.pulls.outstanding;
  }

  private planRefill(): void {
    if (this.refillPlanned || this.stopped) return;
    this.refillPlanned = true;
    this.link.outbox.atEndOfTurn(() => {
      this.refillPlanned = false;
      const free = this.free();
      if (free > 0 && !this.stopped && !this.link.connection.isClosed()) this.pulls.pull(free);
    });
  }

  private interruptions(): number {
    return this.restarts + this.suspensions.count();
  }

  private receive(message: Msg): void {
    const info = parseAckSubject(message.reply);
    if (!info) return;
    const mayBeSettled = this.repeats.mayBeRepeat(info, readClocks()) || this.suspensions.wasSuspended();
    const held = this.inFlight.get(identity(info));
    if (held) {
      held.renew(message);
      this.planRefill();
      return;
    }
    const before = this.interruptions();
    const wasInterrupted = () => this.interruptions() !== before;
    const delivery = new Delivery(this.link.outbox, message, info, mayBeSettled, wasInterrupted);
    this.inFlight.set(identity(info), delivery);
    const leave = () => {
      this.inFlight.delete(identity(info));
      this.planRefill();
    };
    this.options.handle(delivery).then(leave, leave);
  }
}
