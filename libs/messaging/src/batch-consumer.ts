import { setTimeout as wait } from 'node:timers/promises';
import type { Msg } from 'nats';
import { consumerPosition } from './consumer-position.js';
import { type DeliveryInfo, parseAckSubject } from './delivery.js';
import type { NatsLink } from './nats-link.js';
import { PullInbox } from './pull-inbox.js';
import { readNext } from './stored-message.js';

const SECOND = 1000;
const WATCHDOG = 5 * SECOND;
const FIRST_RETRY = SECOND / 4;
const LONGEST_RETRY = 5 * SECOND;
/** Times that a batch is gathered for while it fills by this share each time. */
const LONGEST_GATHER = 3;
const CROWD = 0.3;
const ACK = new TextEncoder().encode('+ACK');

/** One message of a batch. */
export interface BatchMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  /** Its place in the stream. */
  readonly sequence: number;
}

export interface BatchConsumerOptions {
  readonly stream: string;
  /** A durable over the whole stream with ack policy `all`: acknowledging a message acknowledges all before it. */
  readonly consumer: string;
  readonly batchSize: number;
  /** How long the first message of a batch waits for others, in milliseconds; while many arrive, a few times as long. */
  readonly gatherMs: number;
  /** Called again with the same batch until it resolves; batches are handed over one after the other, in order. */
  readonly handle: (batch: readonly BatchMessage[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

interface Arrival {
  readonly message: Msg;
  readonly info: DeliveryInfo;
}

/**
 * Hands the messages of a stream to a handler in batches, in order and without a hole, with one acknowledgement a
 * batch. What the broker handed to a process that was killed, or what got lost on the way, would come again only
 * after the ack wait, behind newer messages whose acknowledgement covers it: it would be skipped. So whatever is
 * missing between two messages, or was handed over before the begin, is read from the stream.
 */
export class BatchConsumer {
  private readonly pulls: PullInbox;
  private readonly watchdog: NodeJS.Timeout;
  private arrived: Arrival[] = [];
  private batch: BatchMessage[] = [];
  /** Reply subject whose acknowledgement covers the batch at most. */
  private batchReply: string | undefined;
  /** False until it is known where the durable stands. */
  private located = false;
  /** Sequences up to here are handled. */
  private handled = 0;
  /** Sequences up to here are in the batch or handled. */
  private reached = 0;
  /** Sequences up to here were handed over before we began, to whomever. */
  private handedBefore = 0;
  private working: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly link: Pick<NatsLink, 'connection' | 'outbox'>,
    private readonly options: BatchConsumerOptions,
  ) {
    this.pulls = new PullInbox(link.connection, link.outbox, options.stream, options.consumer, {
      onMessage: (message) => this.receive(message),
      onReleased: (reason) => (reason === 'expired' ? this.refill() : this.restart()),
    });
    this.watchdog = setInterval(() => {
      if (this.pulls.isLost(Date.now())) this.restart();
    }, WATCHDOG).unref();
    this.wake();
  }

  /** Begins again behind the last acknowledgement, as after a reconnect; messages may be handed over again. */
  restart(): void {
    if (this.stopping.signal.aborted) return;
    this.pulls.reset();
    this.arrived = [];
    // In a stream that was made again its sequence would be another message's.
    this.batchReply = undefined;
    this.located = false;
    this.wake();
  }

  /** Stops pulling and resolves when the batch at work is handled, or has failed once more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.watchdog);
    this.pulls.close();
    await this.working;
  }

  private refill(): void {
    if (this.stopping.signal.aborted || this.link.connection.isClosed() || !this.located) return;
    const free = this.options.batchSize - this.arrived.length - this.pulls.outstanding;
    // Asking in halves keeps the number of requests small while messages stream in.
    if (free >= this.options.batchSize / 2) this.pulls.pull(free);
  }

  private receive(message: Msg): void {
    const info = parseAckSubject(message.reply);
    if (!info) return;
    this.arrived.push({ message, info });
    this.wake();
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

  // Each of many messages costs less in a larger batch, and several about the same thing become one change of it.
  private async gather(): Promise<void> {
    const { batchSize, gatherMs } = this.options;
    for (let times = 0; times < LONGEST_GATHER && this.arrived.length < batchSize; times += 1) {
      if (times > 0 && this.arrived.length < times * batchSize * CROWD) return;
      await wait(gatherMs);
    }
  }

  private hasWork(): boolean {
    return !this.located || this.arrived.length > 0 || this.reached < this.handedBefore;
  }

  private async handle(): Promise<void> {
    await this.options.handle(this.batch);
    this.handled = Math.max(this.handled, this.batch.at(-1)!.sequence);
    if (this.batchReply !== undefined) this.link.outbox.publish(this.batchReply, ACK);
    this.batch = [];
    this.batchReply = undefined;
  }

  /** Fills the batch from what arrived, and from the stream where that leaves a hole. */
  private async collect(): Promise<void> {
    if (!this.located) await this.locate();
    while (this.batch.length < this.options.batchSize) {
      const next = this.arrived[0];
      const sequence = next?.info.streamSequence ?? this.handedBefore + 1;
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
    this.located = true;
    try {
      const { acknowledged, handedOver } = await consumerPosition(
        this.link.connection,
        this.options.stream,
        this.options.consumer,
      );
      this.handled = acknowledged;
      this.reached = acknowledged;
      this.handedBefore = handedOver;
    } catch (error) {
      this.located = false;
      throw error;
    }
    this.refill();
  }

  /** Reads the message behind `reached` from the stream, if there is one before `end`. */
  private async readUpTo(end: number): Promise<void> {
    const { stream } = this.options;
    const stored = await readNext(this.link.connection, stream, '>', this.reached + 1);
    if (!stored || stored.sequence >= end) {
      this.reached = end - 1;
      return;
    }
    this.batch.push(stored);
    this.reached = stored.sequence;
  }

  private take({ message, info }: Arrival): void {
    this.batch.push({ subject: message.subject, body: message.data, sequence: info.streamSequence });
    this.batchReply = message.reply;
    this.reached = info.streamSequence;
  }

  private drop({ message, info }: Arrival): void {
    if (info.deliveries === 1) this.restart();
    // It was handled without a reply subject at hand, or its acknowledgement was lost.
    else if (info.streamSequence <= this.handled) this.link.outbox.publish(message.reply!, ACK);
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
