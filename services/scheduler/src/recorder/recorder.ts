import { Inject, Injectable } from '@nestjs/common';
import { newerMessageVersion, type ReadStageEvent } from '#libs/contracts';
import {
  ContradictionError,
  type DeferredEvent,
  DeferredEventsRepository,
  DocumentsRepository,
  isLockTimeout,
  RecorderRepository,
} from '#libs/database';
import { type BatchMessage, NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { AppDurations } from '../admission/app-durations.js';
import { Breakers } from '../breaker/breakers.js';
import { LivePublisher } from '../live-publisher.js';
import { LOGGER } from '../scheduler-settings.js';
import { ServerClock } from '../server-clock.js';
import { collectDocuments } from './archive.js';
import { cannotRecord, EventParking } from './event-parking.js';
import { EventReader } from './event-reader.js';
import { byClockOfBroker } from './event-times.js';
import { LogCursor } from './log-cursor.js';
import { project } from './projection.js';

/** An event that only a newer release can read. */
class NewerEvent extends Error {
  override readonly name = 'NewerEvent';
}

type Event = ReadStageEvent & { readonly message: BatchMessage };
/** Milliseconds after which a failure is tried again without counting as an attempt; null: it counts. */
type Wait = number | null;

const deferredEvent = ({ event, message: { sequence, subject, body } }: Event): DeferredEvent => ({
  run: event.run,
  sequence,
  subject,
  body,
});

@Injectable()
export class RecorderParts {
  @Inject() readonly repository!: RecorderRepository;
  @Inject() readonly documents!: DocumentsRepository;
  @Inject() readonly deferred!: DeferredEventsRepository;
  @Inject() readonly reader!: EventReader;
  @Inject() readonly cursor!: LogCursor;
  @Inject() readonly parking!: EventParking;
  @Inject() readonly live!: LivePublisher;
  @Inject() readonly breakers!: Breakers;
  @Inject() readonly durations!: AppDurations;
  @Inject() readonly clock!: ServerClock;
  @Inject() readonly link!: NatsLink;
  @Inject(LOGGER) readonly log!: Logger;
}

/**
 * Writes stage events into Postgres. The batch consumer of `#libs/messaging` calls `record` with whatever has arrived
 * since the last commit, one batch at a time, and acknowledges the batch when the promise resolves. The steps:
 *
 *  1. Read. A message that is not an event of this installation is parked, and so is an event of a run that Postgres
 *     does not have, for example of a batch that a database rollback has removed. At an event of a newer release,
 *     recording waits for a newer scheduler.
 *  2. Observe: the circuit breaker and the durations of apps take note of each event, once and in order. The failure
 *     that decides a hold or a pause takes effect on those behind it, however many arrive at once.
 *  3. Fetch the outputs of done stages from the bucket, before the transaction.
 *  4. Project (`project`, pure): the latest change per stage run, by generation, root, kind and delivery. The order and
 *     the number of events therefore do not matter, and a settlement is final in its lineage.
 *  5. Commit changes, counters, documents and the position in the log in one transaction.
 *  6. Publish the committed change live.
 *
 * Modes: normally a batch is one transaction. If it contains an event that can never be recorded, the batch is halved
 * until that event is alone; it is parked (`recorder_parked`) with its body and the reason, and a failure of the stage
 * is recorded instead, so that its run does not stay in progress for ever. Events of runs that another transaction
 * locks are deferred (`deferred_events`), and so are newer events of these runs; `DeferredRecorder` records them in the
 * order of the log. Thus a lock stops only the runs or the batch that it covers. While the database is away, `record`
 * rejects, and the consumer delivers the batch again.
 *
 * A kill before step 5 loses nothing: the events are not acknowledged. A kill after it repeats the batch, which changes
 * nothing; a lost live message shows in the versions of the next one.
 */
@Injectable()
export class Recorder {
  /** Sequence in the log up to which the observers know events; the broker may deliver older ones again. */
  private observedUpTo = 0;
  /** By sequence, of events that are observed and not recorded yet. */
  private readonly waits = new Map<number, Wait>();

  constructor(private readonly parts: RecorderParts) {}

  /** Resolves when every message of the batch is recorded or parked; rejects when the batch must be delivered again. */
  async record(messages: readonly BatchMessage[]): Promise<void> {
    const events: Event[] = [];
    for (const message of messages) {
      const event = this.parts.reader.read(message);
      if (typeof event === 'string') await this.parkUnlessNewer(message, event);
      else events.push({ ...event, message });
    }
    this.observe(events);
    await this.recordOrPark(events);
    for (const { message } of events) this.waits.delete(message.sequence);
  }

  /** Rejects for an event that only a newer release can record: its scheduler continues from here. */
  private async parkUnlessNewer(message: BatchMessage, reason: string): Promise<void> {
    const version = newerMessageVersion(message.body);
    if (version === null) return this.parts.parking.park([{ message, reason }]);
    throw new NewerEvent(
      `A newer release wrote an event of version ${version}, which this scheduler cannot record. Update the scheduler.`,
    );
  }

  /** Halves a batch that cannot be recorded until the faulty event is alone. */
  private async recordOrPark(events: readonly Event[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    const { repository, live, link } = this.parts;
    const waits = new Map(events.map(({ event, message }) => [event, this.waits.get(message.sequence) ?? null]));
    try {
      const documents = await collectDocuments(events, link.documents, this.parts.documents);
      const changes = project([...waits.keys()], (event) => waits.get(event) ?? null);
      const cursor = await this.parts.cursor.behind(last.message.sequence);
      const recorded = await repository.recordOrDefer(changes, documents, cursor, events.map(deferredEvent));
      for (const change of recorded.changes) live.add(change);
      if (recorded.deferred > 0) this.warnDeferred(recorded.deferred);
    } catch (error) {
      if (isLockTimeout(error)) return this.deferBatches(events);
      if (!cannotRecord(error)) throw error;
      const fit = error instanceof ContradictionError ? await this.parkForeign(events) : events;
      if (fit.length < events.length) return this.recordOrPark(fit);
      if (events.length === 1) return this.parts.parking.parkAndFail(last, error);
      const middle = Math.floor(events.length / 2);
      await this.recordOrPark(events.slice(0, middle));
      await this.recordOrPark(events.slice(middle));
    }
  }

  /** Another transaction locks more than runs, for example a batch: only the events of that batch are deferred. */
  private async deferBatches(events: readonly Event[]): Promise<void> {
    const byBatch = new Map<number, Event[]>();
    for (const one of events) byBatch.set(one.event.batch, [...(byBatch.get(one.event.batch) ?? []), one]);
    if (byBatch.size > 1) {
      for (const ofBatch of byBatch.values()) await this.recordOrPark(ofBatch);
      return;
    }
    await this.parts.deferred.add(
      events.map(deferredEvent),
      await this.parts.cursor.behind(events.at(-1)!.message.sequence),
    );
    this.warnDeferred(events.length);
  }

  private warnDeferred(events: number): void {
    this.parts.log.warn({ events }, 'another transaction locks runs: their events are deferred until it ends');
  }

  /** Parks the events of runs that Postgres does not have; returns the others. */
  private async parkForeign(events: readonly Event[]): Promise<readonly Event[]> {
    const reasons = await this.parts.repository.contradictions(events.map(({ event }) => event));
    const foreign = events.flatMap(({ message }, index) => {
      const reason = reasons[index];
      return reason ? [{ message, reason }] : [];
    });
    await this.parts.parking.park(foreign);
    return events.filter((_, index) => !reasons[index]);
  }

  // A recreated log continues above the old sequences, so its events are new here.
  private observe(events: readonly Event[]): void {
    const { breakers, durations, clock } = this.parts;
    for (const { event, message } of events) {
      if (message.sequence <= this.observedUpTo) continue;
      this.observedUpTo = message.sequence;
      const observed = byClockOfBroker(event, message.timestamp);
      this.waits.set(message.sequence, breakers.waitsFor(observed));
      breakers.observe(observed, clock.now());
      durations.observe([observed]);
    }
  }
}
