import type { NatsConnection } from 'nats';
import { decodeBody, LIVE_FILTER, liveCommitSchema, type LiveCommit, STREAMS } from '#libs/contracts';
import { readNext } from './stored-message.js';

/** What the recorder committed, with the changed cells packed by `packCells`. */
export interface LiveMessage {
  readonly commit: LiveCommit;
  readonly cells: Uint8Array;
}

/**
 * Follows LIVE: first what the stream still holds, then what arrives. Messages may come twice or, around a
 * reconnect, be missing: their `from` and `to` versions tell, so no sequence has to be kept.
 */
export class LiveFollower {
  /** What arrives while the stream is read again. */
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

  /** Reads again what the stream holds, for what was missed while the connection was down. */
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
      // No stream yet, or no server: whoever looks at a batch notices by its version and takes a snapshot.
      await this.readStream().catch(() => undefined);
    }
    this.waiting = undefined;
    this.replaying = undefined;
    arrived.forEach((live) => this.onMessage(live));
  }

  private async readStream(): Promise<void> {
    let sequence = 1;
    for (;;) {
      const stored = await readNext(this.connection, STREAMS.live.name, LIVE_FILTER, sequence);
      if (!stored) return;
      const live = readLive(stored.body);
      if (live) this.onMessage(live);
      sequence = stored.sequence + 1;
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
