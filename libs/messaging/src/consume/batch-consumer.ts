import { setTimeout as wait } from 'node:timers/promises';
import type { Msg } from 'nats';
import { monotonicNow, WorkPace } from '#libs/runtime';
import type { NatsLink } from '../connection/nats-link.js';
import { readNext } from '../streams/stored-message.js';
import { consumerPosition, streamPosition } from '../streams/stream-info.js';
import { type DeliveryInfo, parseAckSubject } from './delivery.js';
import { PullInbox } from './pull-inbox.js';

const SECOND = 1000;
/** With the time until pull requests count as lost, less than 10 s. */
const WATCHDOG = 2 * SECOND;
const FIRST_RETRY = SECOND / 4;
const LONGEST_RETRY = 5 * SECOND;
/** Messages that are read from the stream in parallel. */
const PARALLEL_READS = 50;
/** Milliseconds between two batches at most, because of their pace: a live view has four updates a second. */
const LONGEST_PACE = SECOND / 4;
/** When nothing has arrived for this time in milliseconds, nothing more is gathered. */
const QUIET = 20;
const ACK = new TextEncoder().encode('+ACK');

/** One message of a batch. */
export interface BatchMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  /** Its sequence in the stream. */
  readonly sequence: number;
  /** When the broker stored it, in nanoseconds since 1970, as a decimal string (beyond 2^53). */
  readonly timestamp: string;
}

/** Where a consumer and its stream are when the messages to handle are located. */
export interface ConsumerStart {
  readonly stream: string;
  /** RFC 3339 time; differs after the stream was recreated under the same name. */
  readonly created: string;
  /** First sequence of the stream. */
  readonly first: number;
  /** Everything up to this sequence is acknowledged. */
  readonly acknowledged: number;
}

export interface BatchConsumerOptions {
  readonly stream: string;
  /** A durable over the whole stream with ack policy `all`: acknowledging a message acknowledges all before it. */
  readonly consumer: string;
  readonly batchSize: number;
  /**
   * Sequence after which handling begins, for a handler that may have lost what it had acknowledged; default: what is
   * acknowledged. Called at every locate.
   */
  readonly startAfter?: (start: ConsumerStart) => Promise<number>;
  /** Called with one batch after the other, in order; called again with the same batch until it resolves. */
  readonly handle: (batch: readonly BatchMessage[]) => Promise<void>;
  /** Called when a message arrives that waits for an earlier batch. */
  readonly onWaiting?: (message: BatchMessage) => void;
  readonly onError: (error: unknown) => void;
}

interface Arrival {
  readonly message: BatchMessage;
  readonly info: DeliveryInfo;
  readonly reply: string;
}

/**
 * Passes every message of a stream to a handler, in batches, in order and without gaps, with one acknowledgement per
 * batch.
 *
 * The problem: with ack policy `all`, an acknowledgement covers all earlier messages. A message that was delivered to a
 * process that was killed, or that was lost in transit, would be delivered again only after the ack wait, behind newer
 * messages whose acknowledgement covers it; it would never be handled. Therefore this class does not trust deliveries
 * to be complete: every message that is missing between two deliveries is read from the stream.
 *
 * One loop (`work`) runs at a time and repeats these steps while there is work:
 *
 * 1. *Locate* (at the start and after each restart): read the position of the durable. Handling continues after the
 *    last acknowledgement, or where `startAfter` says if that is earlier; everything up to `deliveredBefore` was
 *    delivered to an earlier process and is read from the stream.
 * 2. *Gather*: under load, wait briefly, so that more messages arrive for the batch (`WorkPace`); not longer than they
 *    arrive. While a batch is handled, the next one gathers.
 * 3. *Collect*: fill the batch from the arrivals, and from the stream where a sequence is missing.
 * 4. *Handle*: call the handler until it succeeds, then acknowledge the last delivered message of the batch.
 *
 * A failed step is retried after 0.25 s to 5 s. `restart` (after a reconnect, when the server has dropped the pull
 * requests, or when an old message arrives as a first delivery, which means that the consumer was recreated) discards
 * the arrivals and locates again; messages may then be handled a second time.
 *
 * A kill before step 4 has finished repeats the batch in the next process, because nothing was acknowledged. A kill
 * between the handler and the acknowledgement repeats it as well, so the handler must tolerate repeats.
 */
export class BatchConsumer {
  private readonly pulls: PullInbox;
  private readonly watchdog: NodeJS.Timeout;
  private arrived: Arrival[] = [];
  private batch: BatchMessage[] = [];
  /** Reply subject of the last delivered message in the batch; its acknowledgement covers the batch. */
  private batchReply: string | undefined;
  /** False until the position of the durable is known, or requested. */
  private located = false;
  private isPositionKnown = false;
  /** Sequences up to here are handled. */
  private handled = 0;
  /** Sequences up to here are in the batch or handled. */
  private reached = 0;
  /** Sequences up to here were delivered before the last locate, to any process. */
  private deliveredBefore = 0;
  private working: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly pace = new WorkPace(LONGEST_PACE);

  constructor(
    private readonly link: Pick<NatsLink, 'connection' | 'outbox'>,
    private readonly options: BatchConsumerOptions,
  ) {
    this.pulls = new PullInbox(link, options, {
      onMessage: (message) => this.receive(message),
      onReleased: (reason) => (reason === 'expired' ? this.refill() : this.restart()),
    });
    this.watchdog = setInterval(() => {
      if (this.pulls.isLost(monotonicNow())) this.restart();
    }, WATCHDOG).unref();
    this.wake();
  }

  /** Starts again after the last acknowledgement, as after a reconnect; messages may be handled twice. */
  restart(): void {
    if (this.stopping.signal.aborted) return;
    this.pulls.reset();
    this.arrived = [];
    // In a recreated stream, the sequence in this reply subject would belong to another message.
    this.batchReply = undefined;
    this.located = false;
    this.isPositionKnown = false;
    this.wake();
  }

  /** Every message up to this sequence is handled; null while the start is not known. */
  position(): number | null {
    if (!this.isPositionKnown) return null;
    return this.batch.length === 0 ? this.reached : this.handled;
  }

  /** Messages that have arrived and are not handled yet, in order. */
  unhandled(): readonly BatchMessage[] {
    return [...this.batch, ...this.arrived.map(({ message }) => message)];
  }

  /** Stops pulling and resolves when the current batch is handled, or has failed once more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.watchdog);
    this.pulls.close();
    await this.working;
  }

  private refill(): void {
    if (this.stopping.signal.aborted || this.link.connection.isClosed() || !this.located) return;
    const free = this.options.batchSize - this.arrived.length - this.pulls.outstanding;
    // Requesting at least half a batch keeps the number of requests small while messages stream in.
    if (free >= this.options.batchSize / 2) this.pulls.pull(free);
  }

  private receive({ subject, data, reply }: Msg): void {
    const info = parseAckSubject(reply);
    if (!info) return;
    const { streamSequence: sequence, timestamp } = info;
    const message = { subject, body: data, sequence, timestamp };
    this.arrived.push({ message, info, reply: reply! });
    if (this.working) this.options.onWaiting?.(message);
    else this.wake();
  }

  private wake(): void {
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted && this.hasWork()) {
      if (this.located) await this.gather();
      await this.untilDone(() => this.collect());
      this.refill();
      if (this.batch.length > 0) await this.untilDone(() => this.handle());
    }
  }

  private async gather(): Promise<void> {
    const { signal } = this.stopping;
    for (let before = -1; this.arrived.length > before && this.arrived.length < this.options.batchSize;) {
      const rest = this.pace.rest(monotonicNow());
      if (rest === 0 || signal.aborted) return;
      before = this.arrived.length;
      await wait(Math.min(rest, QUIET), undefined, { signal }).catch(() => undefined);
    }
  }

  private hasWork(): boolean {
    return !this.located || this.arrived.length > 0 || this.reached < this.deliveredBefore;
  }

  private async handle(): Promise<void> {
    this.pace.begin(monotonicNow());
    await this.options.handle(this.batch);
    this.pace.end(monotonicNow());
    this.handled = Math.max(this.handled, this.batch.at(-1)!.sequence);
    if (this.batchReply !== undefined) this.link.outbox.publish(this.batchReply, ACK);
    this.batch = [];
    this.batchReply = undefined;
  }

  private async collect(): Promise<void> {
    if (!this.located) await this.locate();
    while (this.batch.length < this.options.batchSize) {
      const next = this.arrived[0];
      const sequence = next?.info.streamSequence ?? this.deliveredBefore + 1;
      if (sequence > this.reached + 1) await this.readUpTo(sequence);
      else if (!next) return;
      else {
        this.arrived.shift();
        if (sequence > this.reached) this.take(next);
        else this.drop(next);
      }
    }
  }

  private async locate(): Promise<void> {
    // Set before the request, so that a restart during the request is noticed and locates again.
    this.located = true;
    try {
      const { connection } = this.link;
      const { stream, consumer, startAfter } = this.options;
      const { created, first, last } = await streamPosition(connection, stream);
      const { acknowledged, delivered, pending } = await consumerPosition(connection, stream, consumer);
      const start = { stream, created, first, acknowledged };
      const after = startAfter ? Math.min(acknowledged, await startAfter(start)) : acknowledged;
      this.handled = after;
      this.reached = after;
      // Without pending messages, none will arrive from which the end of a stream whose tail was deleted is noticed.
      this.deliveredBefore = pending === 0 ? Math.max(delivered, last) : delivered;
      this.isPositionKnown = this.located;
    } catch (error) {
      this.located = false;
      throw error;
    }
    this.refill();
  }

  /** Adds messages after `reached` and before `end` from the stream to the batch, as many as fit. */
  private async readUpTo(end: number): Promise<void> {
    const { stream, batchSize } = this.options;
    const from = this.reached + 1;
    const count = Math.min(PARALLEL_READS, end - from, batchSize - this.batch.length);
    const sequences = Array.from({ length: count }, (_, offset) => from + offset);
    const found = await Promise.all(sequences.map((at) => readNext(this.link.connection, stream, '>', at)));
    for (const stored of found) {
      if (!stored || stored.sequence >= end) {
        this.reached = end - 1;
        return;
      }
      // Where messages are missing, several reads return the same next one.
      if (stored.sequence <= this.reached) continue;
      this.batch.push(stored);
      this.reached = stored.sequence;
    }
  }

  private take({ message, reply }: Arrival): void {
    this.batch.push(message);
    this.batchReply = reply;
    this.reached = message.sequence;
  }

  private drop({ info, reply }: Arrival): void {
    if (info.deliveries === 1) this.restart();
    // It was handled without a reply subject, or its acknowledgement was lost.
    else if (info.streamSequence <= this.handled) this.link.outbox.publish(reply, ACK);
  }

  private async untilDone(work: () => Promise<void>): Promise<void> {
    for (let delay = FIRST_RETRY; !this.stopping.signal.aborted; delay = Math.min(delay * 2, LONGEST_RETRY)) {
      try {
        return await work();
      } catch (error) {
        this.options.onError(error);
        await wait(delay, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}
