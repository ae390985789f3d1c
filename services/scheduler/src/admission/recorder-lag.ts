import { RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import { consumerPosition, type NatsLink } from '#libs/messaging';

const ASK_AGAIN_MS = 1000;
/** Events that may wait for the recorder before no more runs enter the pipeline. */
export const MAX_LAG = 50_000;

/** How far the recorder is behind the event log, asked at most once a second. */
export class RecorderLag {
  private askedAt = Number.NEGATIVE_INFINITY;
  private events = 0;

  constructor(
    private readonly link: NatsLink,
    private readonly maxLag = MAX_LAG,
  ) {}

  /** Whether so much is unrecorded that more runs would only make it more; rejects when the log cannot be asked. */
  async isTooLarge(now: number): Promise<boolean> {
    if (now - this.askedAt >= ASK_AGAIN_MS) {
      const { pending } = await consumerPosition(this.link.connection, STREAMS.events.name, RECORDER_CONSUMER);
      this.askedAt = now;
      this.events = pending;
    }
    return this.events > this.maxLag;
  }
}
