import { JOBS_FILTER, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { BatchConsumer, type BatchMessage, type ConsumerStart } from '../consume/batch-consumer.js';
import type { NatsLink } from '../connection/nats-link.js';
import { NestTransport } from './nest-transport.js';
import type { RecorderPosition } from './recorder-position.js';

const BATCH_SIZE = 1000;

/**
 * Passes stage events to the handler `events`, in order and in batches, and wake-ups on JOBS to the handler `wake-up`.
 * The handler `events-start` answers with the sequence after which events are read.
 */
export class RecorderTransport extends NestTransport implements RecorderPosition {
  private consumer: BatchConsumer | undefined;
  private waitingListener: (event: BatchMessage) => void = () => undefined;

  constructor(
    private readonly link: NatsLink,
    private readonly log: Logger,
  ) {
    super();
  }

  protected begin(): void {
    const wakeUp = this.handlerOf<string>('wake-up');
    const handle = this.handlerOf<readonly BatchMessage[]>('events');
    const startAfter = this.handlerOf<ConsumerStart, number>('events-start');
    const consumer = new BatchConsumer(this.link, {
      stream: STREAMS.events.name,
      consumer: RECORDER_CONSUMER,
      batchSize: BATCH_SIZE,
      startAfter,
      handle,
      onWaiting: (event) => this.waitingListener(event),
      onError: (error) => this.log.error({ err: error }, 'events could not be recorded; retrying'),
    });
    this.consumer = consumer;
    this.link.onReconnect(() => consumer.restart());
    this.link.connection.subscribe(JOBS_FILTER, {
      callback: (error, message) => {
        if (!error) void wakeUp(message.subject);
      },
    });
  }

  recorded(): number | null {
    return this.consumer?.position() ?? null;
  }

  unrecorded(): readonly BatchMessage[] {
    return this.consumer?.unhandled() ?? [];
  }

  onWaiting(listener: (event: BatchMessage) => void): void {
    this.waitingListener = listener;
  }

  async close(): Promise<void> {
    await this.consumer?.stop();
  }
}
