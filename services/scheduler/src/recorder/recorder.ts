import { Inject, Injectable } from '@nestjs/common';
import { type ReadStageEvent, readStageEvent, STREAMS } from '#libs/contracts';
import { DocumentsRepository, isUnrecordable, RecorderRepository } from '#libs/database';
import { type BatchMessage, DocumentUnavailable, NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { AppDurations } from '../admission/app-durations.js';
import { AppBreakers } from '../breaker/app-breakers.js';
import { LivePublisher } from '../live-publisher.js';
import { LOGGER, SchedulerSettings } from '../scheduler-settings.js';
import { collectDocuments } from './archive.js';
import { project } from './projection.js';
import { failureInsteadOf } from './unrecordable-event.js';

type Event = ReadStageEvent & { readonly message: BatchMessage };

@Injectable()
export class RecorderParts {
  @Inject() readonly repository!: RecorderRepository;
  @Inject() readonly documents!: DocumentsRepository;
  @Inject() readonly live!: LivePublisher;
  @Inject() readonly breakers!: AppBreakers;
  @Inject() readonly durations!: AppDurations;
  @Inject() readonly settings!: SchedulerSettings;
  @Inject() readonly link!: NatsLink;
  @Inject(LOGGER) readonly log!: Logger;
}

/**
 * Writes stage events into Postgres. The batch consumer of `#libs/messaging` calls `record` with whatever has arrived
 * since the last commit, one batch at a time, and acknowledges the batch when the promise resolves. The steps:
 *
 *  1. Read. A message that is not an event of this installation is parked.
 *  2. Fetch the outputs of done stages from the bucket, before the transaction.
 *  3. Project (`project`, pure): the latest change per stage run, by generation, root, kind and delivery. The order and
 *     the number of events therefore do not matter, and a settlement is final in its lineage.
 *  4. Commit changes, counters, documents and the position in the log in one transaction.
 *  5. Publish the committed change live, and inform the circuit breaker and the durations of apps.
 *
 * Modes: normally a batch is one transaction. If it contains an event that can never be recorded, the batch is halved
 * until that event is alone; it is parked (`recorder_parked`) with its body and the reason, and a failure of the stage
 * is recorded instead, so that its run does not stay in progress for ever. An event that cannot be recorded now (the
 * database is away, a row is locked) rejects, and the consumer delivers the batch again.
 *
 * A kill before step 4 loses nothing: the events are not acknowledged. A kill after it repeats the batch, which changes
 * nothing; a lost live message shows in the versions of the next one.
 */
@Injectable()
export class Recorder {
  private streamCreated: string | undefined;
  /** Sequence in the log up to which the observers know events; the broker may deliver older ones again. */
  private observedUpTo = 0;

  constructor(private readonly parts: RecorderParts) {}

  /** The stream may be another one, for example after a reconnect: its creation time is read again. */
  forgetStream(): void {
    this.streamCreated = undefined;
  }

  /** Resolves when every message of the batch is recorded or parked; rejects when the batch must be delivered again. */
  async record(messages: readonly BatchMessage[]): Promise<void> {
    const events: Event[] = [];
    for (const message of messages) {
      const event = this.read(message.body);
      if (typeof event === 'string') await this.park(message, event);
      else events.push({ ...event, message });
    }
    await this.recordOrPark(events);
  }

  private read(body: Uint8Array): ReadStageEvent | string {
    const read = readStageEvent(body);
    if (typeof read === 'string' || read.event.installation === this.parts.settings.installation) return read;
    return `The event belongs to installation ${read.event.installation}.`;
  }

  /** Halves a batch that cannot be recorded until the faulty event is alone. */
  private async recordOrPark(events: readonly Event[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    const { repository, live, link } = this.parts;
    try {
      const documents = await collectDocuments(events, link.documents, this.parts.documents);
      const changes = project(events.map(({ event }) => event));
      const committed = await repository.record(changes, documents, await this.cursor(last.message));
      for (const change of committed) live.add(change);
      this.observe(events);
    } catch (error) {
      if (!isUnrecordable(error) && !(error instanceof DocumentUnavailable)) throw error;
      if (events.length === 1) return this.parkAndFail(last, error as Error);
      const middle = Math.floor(events.length / 2);
      await this.recordOrPark(events.slice(0, middle));
      await this.recordOrPark(events.slice(middle));
    }
  }

  // A recreated log continues above the old sequences, so its events are new here.
  private observe(events: readonly Event[]): void {
    const fresh = events.filter(({ message }) => message.sequence > this.observedUpTo);
    this.observedUpTo = Math.max(this.observedUpTo, ...fresh.map(({ message }) => message.sequence));
    const recorded = fresh.map(({ event }) => event);
    this.parts.breakers.observe(recorded, Date.now());
    this.parts.durations.observe(recorded);
  }

  private async parkAndFail({ event, message }: Event, error: Error): Promise<void> {
    await this.park(message, error.message);
    const failure = failureInsteadOf(event, error);
    if (!failure) return;
    const { repository, live } = this.parts;
    try {
      const committed = await repository.record(project([failure]), [], await this.cursor(message));
      for (const change of committed) live.add(change);
    } catch (cause) {
      // The run does not exist, so there is nothing to fail.
      if (!isUnrecordable(cause)) throw cause;
    }
  }

  private async park(message: BatchMessage, reason: string): Promise<void> {
    const { log, repository } = this.parts;
    log.error({ subject: message.subject, reason }, 'an event cannot be recorded and is parked in recorder_parked');
    await repository.park({
      ...(await this.cursor(message)),
      subject: message.subject,
      reason,
      body: message.body,
    });
  }

  private async cursor({ sequence }: BatchMessage) {
    const stream = STREAMS.events.name;
    if (this.streamCreated === undefined) {
      const manager = await this.parts.link.connection.jetstreamManager();
      this.streamCreated = (await manager.streams.info(stream)).created;
    }
    return { stream, streamCreated: this.streamCreated, sequence };
  }
}
