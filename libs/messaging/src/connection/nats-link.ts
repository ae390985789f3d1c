import { connect, Events, type NatsConnection } from 'nats';
import { CONTROL_BUCKET } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { DocumentTransit } from '../documents/document-transit.js';
import { LeanPublisher } from '../publish/lean-publisher.js';
import { type PublicationRefusal, PublicationWatch } from '../publish/publication-watch.js';
import { Outbox } from './outbox.js';

const SECOND = 1000;
const RECONNECT_WAIT = SECOND / 2;
const PING_INTERVAL = 20 * SECOND;

/** A process's connection to NATS with its outbox, publisher and documents. It reconnects without limit. */
export class NatsLink {
  readonly outbox: Outbox;
  readonly publisher: LeanPublisher;
  readonly documents: DocumentTransit;
  private readonly reconnectListeners = new Set<() => void>();
  private connected = true;
  private readonly watch: PublicationWatch;

  private constructor(
    readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {
    this.outbox = new Outbox(connection);
    this.watch = new PublicationWatch({
      onLasting: ({ reason }, destination) => logger.error({ destination, reason }, 'the broker refuses publications'),
      onEnded: ({ count }, destination) =>
        logger.warn({ destination, failed: count }, 'the broker accepts publications again'),
    });
    this.publisher = new LeanPublisher(connection, this.outbox, this.watch);
    this.documents = new DocumentTransit(connection, this.publisher);
    void this.followStatus();
  }

  /**
   * Connects, and waits for a server that is not running yet. `url` may list members of a cluster, separated by commas;
   * `name` appears in `nats server report connections`.
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

  /** Sends a wake-up without waiting: a lost one delays the work by a second. */
  wake(subject: string, body = ''): void {
    this.connection.publish(subject, body);
  }

  /** Calls back after every reconnect. */
  onReconnect(listener: () => void): void {
    this.reconnectListeners.add(listener);
  }

  /** What the broker has refused for at least 5 s; null when it accepts publications. */
  refusal(): PublicationRefusal | null {
    return this.watch.current();
  }

  /** Stores a small value, so that a broker that refuses publications is noticed while nothing else is published. */
  async probe(): Promise<void> {
    const value = Buffer.from(JSON.stringify({ at: Date.now() }));
    await this.publisher.publish(`$KV.${CONTROL_BUCKET}.leader`, value).catch(() => undefined);
  }

  isConnected(): boolean {
    return !this.connection.isClosed() && this.connected;
  }

  async close(): Promise<void> {
    this.publisher.close();
    this.outbox.empty();
    // Without a server, draining would never finish.
    if (this.isConnected()) await this.connection.drain().catch(() => undefined);
    else await this.connection.close();
  }

  private async followStatus(): Promise<void> {
    for await (const { type, data } of this.connection.status()) {
      if (type !== Events.Disconnect && type !== Events.Reconnect) continue;
      this.logger.warn({ data }, `NATS ${type}`);
      this.connected = type === Events.Reconnect;
      // The server does not acknowledge what was sent before or while the connection was down.
      this.publisher.abandon('the connection was lost');
      if (this.connected) {
        for (const listener of this.reconnectListeners) listener();
      }
    }
  }
}
