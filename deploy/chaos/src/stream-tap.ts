import { type NatsLink, readNext, type StoredMessage } from '#libs/messaging';
import { until } from '#deploy/local';

const IDLE_MS = 50;
const CATCH_UP_WITHIN_MS = 60_000;

/**
 * Reads a growing stream from its beginning, so that its content is known after its deletion, and continues in the stream
 * that replaces it.
 */
export class StreamTap {
  private sequence = 0;
  private created: string | undefined;
  private stopped = false;
  private readonly reading: Promise<void>;

  constructor(
    private readonly link: NatsLink,
    private readonly stream: string,
    /** `created` distinguishes the stream from others of the same name. */
    private readonly onMessage: (message: StoredMessage, created: string) => void,
  ) {
    this.reading = this.read();
  }

  /** Creation time of the existing stream; undefined before its first read. */
  get current(): string | undefined {
    return this.created;
  }

  /** Resolves when all current messages of the stream have been read. */
  async catchUp(): Promise<void> {
    await until(`Reading ${this.stream} to its end`, CATCH_UP_WITHIN_MS, async () => {
      const { created, state } = await this.info();
      return created === this.created && this.sequence >= state.last_seq;
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.reading;
  }

  private async read(): Promise<void> {
    while (!this.stopped) {
      // A missing stream, leader or server is temporary.
      const hasMore = await this.readOne().catch(() => false);
      if (!hasMore) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    }
  }

  private async readOne(): Promise<boolean> {
    const { created: own } = this;
    const message = own && (await readNext(this.link.connection, this.stream, '>', this.sequence + 1));
    if (own && message) {
      this.sequence = message.sequence;
      this.onMessage(message, own);
      return true;
    }
    // Either the end of the stream, or a replacing stream with its own sequence numbers.
    const { created } = await this.info();
    if (created === this.created) return false;
    this.created = created;
    this.sequence = 0;
    return true;
  }

  private async info() {
    return (await this.link.connection.jetstreamManager({ checkAPI: false })).streams.info(this.stream);
  }
}
