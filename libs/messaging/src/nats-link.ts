import { connect, Events, type NatsConnection } from 'nats';
import type { Logger } from '#libs/runtime';
import { DocumentTransit } from './documents.js';
import { LeanPublisher } from './lean-publisher.js';
import { Outbox } from './outbox.js';

const SECOND = 1000;
const RECONNECT_WAIT = SECOND / 2;
const PING_INTERVAL = 20 * SECOND;

/** One process's connection to NATS with what is built on it; reconnects for ever. */
export class NatsLink {
  readonly outbox: Outbox;
  readonly publisher: LeanPublisher;
  readonly documents: DocumentTransit;
  private readonly reconnectListeners = new Set<() => void>();
  private connected = true;

  private constructor(
    readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {
    this.outbox = new Outbox(connection);
    this.publisher = new LeanPublisher(connection, this.outbox);
    this.documents = new DocumentTransit(connection, this.publisher);
    void this.followStatus();
  }

  /**
   * Connects, waiting for a server that is not there yet. `url` may name members of a cluster, comma-separated; `name` is
   * what operators see in `nats server list`.
   */
  static async connect(url: string, name: string, logger: Logger): Promise<NatsLink> {
    const connection = await connect({
      servers: url.split(','),
      name,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
      reconnectTimeWait: RECONNECT_WAIT,
      pingInterval: PING_INTERVAL,
      noAsyncTraces: true,
    });
    logger.info({ server: connection.info?.version }, 'connected to NATS');
    return new NatsLink(connection, logger);
  }

  /** Sends a wake-up without waiting: losing one costs a second. */
  wake(subject: string, body = ''): void {
    this.connection.publish(subject, body);
  }

  /** Calls back after every reconnect. */
  onReconnect(listener: () => void): void {
    this.reconnectListeners.add(listener);
  }

  isConnected(): boolean {
    return !this.connection.isClosed() && this.connected;
  }

  async close(): Promise<void> {
    this.publisher.close();
    this.outbox.empty();
    // Draining waits for a server that is away for ever.
    if (this.isConnected()) await this.connection.drain().catch(() => undefined);
    else await this.connection.close();
  }

  private async followStatus(): Promise<void> {
    for await (const { type, data } of this.connection.status()) {
      if (type !== Events.Disconnect && type !== Events.Reconnect) continue;
      this.logger.warn({ data }, `NATS ${type}`);
      this.connected = type === Events.Reconnect;
      // What was sent before or while the connection was away is not answered any more.
      this.publisher.abandon('the connection broke');
      if (this.connected) {
        for (const listener of this.reconnectListeners) listener();
      }
    }
  }
}
