import { Inject, Injectable } from '@nestjs/common';
import { newerMessageVersion, type ReadStageEvent, readStageEvent } from '#libs/contracts';
import {
  DeferredEventsRepository,
  DocumentsRepository,
  RecorderRepository,
  type StageChange,
  type StoredDeferredEvent,
} from '#libs/database';
import { NatsLink } from '#libs/messaging';
import { Breakers } from '../breaker/breakers.js';
import { LivePublisher } from '../live-publisher.js';
import { collectDocuments } from './archive.js';
import { cannotRecord, EventParking } from './event-parking.js';
import { project } from './projection.js';

type StoredEvent = ReadStageEvent & { readonly message: StoredDeferredEvent };

/** Events that one transaction records. */
const MAX_EVENTS = 500;

@Injectable()
export class DeferredRecorderParts {
  @Inject() readonly deferred!: DeferredEventsRepository;
  @Inject() readonly repository!: RecorderRepository;
  @Inject() readonly documents!: DocumentsRepository;
  @Inject() readonly parking!: EventParking;
  @Inject() readonly live!: LivePublisher;
  @Inject() readonly breakers!: Breakers;
  @Inject() readonly link!: NatsLink;
}

/**
 * Records the events that the recorder deferred because another transaction locked their runs, in the order of the log,
 * as soon as the runs are free. Events that cannot be recorded are parked; those of a newer release stay deferred.
 */
@Injectable()
export class DeferredRecorder {
  private isRecording = false;

  constructor(private readonly parts: DeferredRecorderParts) {}

  /** Records what is free now; does nothing while an earlier call is in progress. */
  async record(): Promise<void> {
    if (this.isRecording) return;
    this.isRecording = true;
    try {
      await this.recordOrPark(await this.read(await this.parts.deferred.free(MAX_EVENTS)));
    } finally {
      this.isRecording = false;
    }
  }

  private async read(stored: readonly StoredDeferredEvent[]): Promise<StoredEvent[]> {
    const { deferred, parking } = this.parts;
    const events: StoredEvent[] = [];
    for (const message of stored) {
      const event = readStageEvent(message.body);
      if (typeof event !== 'string') events.push({ ...event, message });
      else if (newerMessageVersion(message.body) === null) {
        await parking.park([{ message, reason: event }]);
        await deferred.remove([message]);
      }
    }
    return events;
  }

  /** Records events together, or one by one when some of them cannot be recorded. */
  private async recordOrPark(events: readonly StoredEvent[]): Promise<void> {
    const [first] = events;
    if (!first) return;
    const { deferred, repository, documents, parking, live, link } = this.parts;
    try {
      const outputs = await collectDocuments(events, link.documents, documents);
      const stored = events.map(({ message }) => message);
      for (const change of await repository.recordDeferred(this.project(events), outputs, stored)) live.add(change);
    } catch (error) {
      if (!cannotRecord(error)) throw error;
      if (events.length > 1) {
        for (const event of events) await this.recordOrPark([event]);
        return;
      }
      await parking.parkAndFail(first, error);
      await deferred.remove([first.message]);
    }
  }

  /** What the breaker decided when the events were read may be lost with an earlier leader, so it decides again. */
  private project(events: readonly StoredEvent[]): StageChange[] {
    return project(
      events.map(({ event }) => event),
      (event) => this.parts.breakers.waitsFor(event),
    );
  }
}
