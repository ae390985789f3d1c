import type { Msg, NatsConnection } from 'nats';
import { parseAckSubject, type DeliveryInfo } from './delivery.js';
import { PullInbox } from './pull-inbox.js';

const SECOND = 1000;
const RETRY_UNAVAILABLE = SECOND;
const WATCHDOG = 5 * SECOND;
const FIRST_RETRY = SECOND / 4;
const LONGEST_RETRY = 5 * SECOND;
const ACK = new TextEncoder().encode('+ACK');
const WORKING = new TextEncoder().encode('+WPI');
const HEARTBEAT = 15 * SECOND;

/** One message of a batch. */
export interface BatchMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly info: DeliveryInfo;
}

export interface BatchConsumerOptions {
  readonly stream: string;
  /** A durable with ack policy `all`: acknowledging the last message of a batch acknowledges the batch. */
  readonly consumer: string;
  readonly batchSize: number;
  /** How long the first message of a batch waits for others, in milliseconds. */
  readonly gatherMs: number;
  /** Called again with the same batch until it resolves; batches are handed over one after the other, in order. */
  readonly handle: (batch: readonly BatchMessage[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Hands the messages of a stream to a handler in batches, in order, with one acknowledgement a batch. */
export class BatchConsumer {
  private readonly pulls: PullInbox;
  private readonly watchdog: NodeJS.Timeout;
  private buffer: { message: Msg; info: DeliveryInfo }[] = [];
  private working: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: BatchConsumerOptions,
  ) {
    this.pulls = new PullInbox(connection, options.stream, options.consumer, {
      onMessage: (message) => this.receive(message),
      onReleased: (reason) => {
        if (reason === 'expired') this.refill();
        else setTimeout(() => this.refill(), RETRY_UNAVAILABLE).unref();
      },
    });
    this.watchdog = setInterval(() => {
      if (this.pulls.isLost(Date.now())) this.restart();
    }, WATCHDOG).unref();
    this.refill();
  }

  restart(): void {
    this.pulls.reset();
    this.refill();
  }

  /** Stops pulling and resolves when the batch at work is handled. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watchdog);
    this.pulls.close();
    await this.working;
  }

  private refill(): void {
    const free = this.options.batchSize - this.buffer.length - this.pulls.outstanding;
    // Asking in halves keeps the number of requests small while messages stream in.
    if (!this.stopped && !this.connection.isClosed() && free >= this.options.batchSize / 2) this.pulls.pull(free);
  }

  private receive(message: Msg): void {
    const info = parseAckSubject(message.reply);
    if (!info || this.stopped) return;
    this.buffer.push({ message, info });
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  private async work(): Promise<void> {
    while (this.buffer.length > 0 && !this.stopped) {
      if (this.buffer.length < this.options.batchSize)
        await new Promise((resolve) => setTimeout(resolve, this.options.gatherMs));
      const batch = this.buffer;
      this.buffer = [];
      this.refill();
      const last = batch.at(-1)!.message.reply!;
      const heartbeat = setInterval(() => this.connection.publish(last, WORKING), HEARTBEAT);
      try {
        const handled = await this.handleUntilDone(
          batch.map(({ message, info }) => ({ subject: message.subject, body: message.data, info })),
        );
        if (handled) this.connection.publish(last, ACK);
      } finally {
        clearInterval(heartbeat);
      }
    }
  }

  private async handleUntilDone(batch: readonly BatchMessage[]): Promise<boolean> {
    for (let delay = FIRST_RETRY; !this.stopped; delay = Math.min(delay * 2, LONGEST_RETRY)) {
      try {
        await this.options.handle(batch);
        return true;
      } catch (error) {
        this.options.onError(error);
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
    return false;
  }
}
