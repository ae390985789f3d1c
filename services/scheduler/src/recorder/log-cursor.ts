import { Injectable } from '@nestjs/common';
import { STREAMS } from '#libs/contracts';
import type { RecorderCursor } from '#libs/database';
import { NatsLink } from '#libs/messaging';

/** Positions in the event log. A position names the log by its creation time, which is read from the broker once. */
@Injectable()
export class LogCursor {
  private streamCreated: string | undefined;

  constructor(private readonly link: NatsLink) {}

  /** The log may be another one, for example after a reconnect: its creation time is read again. */
  forget(): void {
    this.streamCreated = undefined;
  }

  /** The position behind the message with this sequence. */
  async behind(sequence: number): Promise<RecorderCursor> {
    const stream = STREAMS.events.name;
    if (this.streamCreated === undefined) {
      const manager = await this.link.connection.jetstreamManager();
      this.streamCreated = (await manager.streams.info(stream)).created;
    }
    return { stream, streamCreated: this.streamCreated, sequence };
  }
}
