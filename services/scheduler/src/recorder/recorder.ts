import { type StageEvent, STREAMS } from '#libs/contracts';
import { isUnrecordable, type RecorderRepository } from '#libs/database';
import { type BatchMessage, DocumentUnavailable, type NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import type { LivePublisher } from '../live-publisher.js';
import { collectDocuments } from './archive.js';
import { failureInstead } from './failure-instead.js';
import { project } from './projection.js';
import { readEvent, type ReadEvent } from './read-event.js';

type Event = ReadEvent & { readonly message: BatchMessage };

/** Writes events into Postgres in batches. An event that can never be written is put aside and does not block the rest. */
export class Recorder {
  private streamCreated: string | undefined;
  /** What lies up to here in the log was told to whoever follows it; the broker may hand it over again. */
  private toldUpTo = 0;

  constructor(
    private readonly repository: RecorderRepository,
    private readonly link: NatsLink,
    private readonly live: LivePublisher,
    private readonly installation: string,
    private readonly log: Logger,
    /** Is told of events once they are committed, in the order of the log. */
    private readonly onRecorded: (events: readonly StageEvent[]) => void,
  ) {}

  /** After a reconnect the stream may be another one: its creation time is asked for again. */
  forgetStream(): void {
    this.streamCreated = undefined;
  }

  /** Resolves when every message of the batch is recorded or put aside; rejects when it has to be tried again. */
  async record(messages: readonly BatchMessage[]): Promise<void> {
    const events: Event[] = [];
    for (const message of messages) {
      const event = readEvent(message.body, this.installation);
      if (typeof event === 'string') await this.park(message, event);
      else events.push({ ...event, message });
    }
    await this.recordOrPark(events);
  }

  /** Halves a batch that cannot be recorded until the one event that is at fault stands alone. */
  private async recordOrPark(events: readonly Event[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    try {
      const documents = await collectDocuments(events, this.link.documents);
      const changes = project(events.map(({ event }) => event));
      const committed = await this.repository.record(changes, documents, await this.cursor(last.message));
      for (const change of committed) this.live.add(change);
      this.tell(events);
    } catch (error) {
      if (!isUnrecordable(error) && !(error instanceof DocumentUnavailable)) throw error;
      if (events.length === 1) return this.giveUp(last, error as Error);
      const middle = Math.floor(events.length / 2);
      await this.recordOrPark(events.slice(0, middle));
      await this.recordOrPark(events.slice(middle));
    }
  }

  // A log that was made again counts on above the old one, so that its events are new here.
  private tell(events: readonly Event[]): void {
    const fresh = events.filter(({ message }) => message.sequence > this.toldUpTo);
    this.toldUpTo = Math.max(this.toldUpTo, ...fresh.map(({ message }) => message.sequence));
    this.onRecorded(fresh.map(({ event }) => event));
  }

  private async giveUp({ event, message }: Event, error: Error): Promise<void> {
    await this.park(message, error.message);
    const failure = failureInstead(event, error);
    if (!failure) return;
    try {
      const committed = await this.repository.record(project([failure]), [], await this.cursor(message));
      for (const change of committed) this.live.add(change);
    } catch (cause) {
      // An event of a run that is not there ends nothing.
      if (!isUnrecordable(cause)) throw cause;
    }
  }

  private async park(message: BatchMessage, reason: string): Promise<void> {
    this.log.error({ subject: message.subject, reason }, 'an event cannot be recorded and is put aside');
    await this.repository.park({
      ...(await this.cursor(message)),
      subject: message.subject,
      reason,
      body: message.body,
    });
  }

  private async cursor({ sequence }: BatchMessage) {
    const stream = STREAMS.events.name;
    if (this.streamCreated === undefined) {
      const manager = await this.link.connection.jetstreamManager();
      this.streamCreated = (await manager.streams.info(stream)).created;
    }
    return { stream, streamCreated: this.streamCreated, sequence };
  }
}
