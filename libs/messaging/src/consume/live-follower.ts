import type { NatsConnection } from 'nats';
import { decodeBody, LIVE_FILTER, liveCommitSchema, type LiveCommit, STREAMS } from '#libs/contracts';
import { streamPosition } from '../streams/stream-info.js';

/** Messages that the server sends ahead during a replay. */
const REPLAY_AHEAD = 1000;
/** A replay without a message for this long ends, in ms: the stream or the connection was lost. */
const REPLAY_SILENCE = 5000;

/** What the recorder committed, with the changed cells packed by `packCells`. */
export interface LiveMessage {
  readonly commit: LiveCommit;
  readonly cells: Uint8Array;
}

/**
 * Follows LIVE: first the messages that the stream still holds, then new ones.
 *
 * 1. `start` subscribes first and replays second, so that nothing is missed in between.
 * 2. While a replay reads the stream, new messages wait in `waiting`; they are passed on after it.
 * 3. After a reconnect, `replay` reads the stream again. Calls during a replay share it and make it read once more.
 *
 * It keeps no sequence and no durable consumer, because LIVE is a memory stream that is lost with its server. Messages
 * may therefore arrive twice, or be missing around a reconnect; receivers compare `from` and `to` of each message with
 * the version they know.
 */
export class LiveFollower {
  /** New messages that arrive during a replay. */
  private waiting: LiveMessage[] | undefined;
  private replaying: Promise<void> | undefined;
  private isReplayWanted = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly onMessage: (message: LiveMessage) => void,
  ) {}

  start(): void {
    this.connection.subscribe(LIVE_FILTER, {
      callback: (error, message) => {
        const live = error ? null : readLive(message.data);
        if (!live) return;
        if (this.waiting) this.waiting.push(live);
        else this.onMessage(live);
      },
    });
    void this.replay();
  }

  /** Reads the whole stream again, for messages that were missed while the connection was down. */
  replay(): Promise<void> {
    this.isReplayWanted = true;
    this.replaying ??= this.replays();
    return this.replaying;
  }

  private async replays(): Promise<void> {
    const arrived: LiveMessage[] = [];
    this.waiting = arrived;
    while (this.isReplayWanted) {
      this.isReplayWanted = false;
      // Without a stream or a server there is nothing to read; clients notice missing versions and load a snapshot.
      await this.readStream().catch(() => undefined);
    }
    this.waiting = undefined;
    this.replaying = undefined;
    arrived.forEach((live) => this.onMessage(live));
  }

  private async readStream(): Promise<void> {
    const { first, last } = await streamPosition(this.connection, STREAMS.live.name);
    if (first > last || last === 0) return;
    // An ordered consumer: the server sends the messages without a request for each.
    const consumer = await this.connection.jetstream().consumers.get(STREAMS.live.name);
    const messages = await consumer.consume({ max_messages: REPLAY_AHEAD });
    let isActive = true;
    const silence = setInterval(() => {
      if (!isActive) messages.stop();
      isActive = false;
    }, REPLAY_SILENCE).unref();
    try {
      for await (const message of messages) {
        isActive = true;
        const live = readLive(message.data);
        if (live) this.onMessage(live);
        // By then, the stream may have removed the message with sequence `last`.
        if (message.seq >= last || message.info.pending === 0) return;
      }
    } finally {
      clearInterval(silence);
      messages.stop();
      await consumer.delete().catch(() => undefined);
    }
  }
}

function readLive(body: Uint8Array): LiveMessage | null {
  try {
    const { head, rest } = decodeBody(body);
    return { commit: liveCommitSchema.parse(head), cells: rest };
  } catch {
    return null;
  }
}
