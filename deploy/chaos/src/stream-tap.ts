import { type NatsLink, readNext, type StoredMessage } from '#libs/messaging';
import { until } from '#deploy/local';

const IDLE_MS = 50;
const CATCH_UP_WITHIN_MS = 60_000;

/**
 * Reads a stream from its beginning while it grows, so that what it held is known after it was deleted, and goes on in
 * the stream that takes its place.
 */
export class StreamTap {
  private sequence = 0;
  private created: string | undefined;
  private stopped = false;
  private readonly reading: Promise<void>;

  constructor(
    private readonly link: NatsLink,
    private readonly stream: string,
    /** `created` tells the stream from others of the same name. */
    private readonly onMessage: (message: StoredMessage, created: string) => void,
  ) {
    this.reading = this.read();
  }

  /** Tells the stream that is there from others of the same name; undefined before it was looked for. */
  get current(): string | undefined {
    return this.created;
  }

  /** Resolves when everything that is in the stream at this moment was read. */
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
      // No stream, no leader, no server: they come back.
      const isMore = await this.readOne().catch(() => false);
      if (!isMore) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
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
    // The end, or another stream of the same name that counts from its own beginning.
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
