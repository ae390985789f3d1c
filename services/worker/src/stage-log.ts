import { setTimeout as wait } from 'node:timers/promises';
import {
  encodeBody,
  isOtherBatch,
  type Lineage,
  type ReadStageEvent,
  readStageEvent,
  settledSubject,
  type Slip,
  type StageEvent,
  startedSubject,
  STREAMS,
} from '#libs/contracts';
import { nanoseconds, type NatsLink, publishOnce, readLast, type StoredMessage, streamPosition } from '#libs/messaging';
import type { StageHistory } from './before-call.js';
import type { StageTask } from './stage-task.js';

const WITHDRAW_WITHIN_MS = 2000;

/** Null for a body that is not an event, and for an event of a lost batch with the same id. */
function readStored({ body }: StoredMessage, batch: Pick<Slip, 'batchKey'>): ReadStageEvent | null {
  const read = readStageEvent(body);
  return typeof read === 'string' || isOtherBatch(read.event, batch) ? null : read;
}

/** The event log of stages. The settlement is the commit point of a stage. */
export class StageLog {
  constructor(
    private readonly link: NatsLink,
    private readonly stopping: AbortSignal,
  ) {}

  async lastSettlement(task: StageTask): Promise<ReadStageEvent | null> {
    const stored = await readLast(this.link.connection, STREAMS.events.name, settledSubject(task.slip));
    return stored && readStored(stored, task.slip);
  }

  async lastStart(task: StageTask): Promise<StageHistory['started']> {
    const stored = await readLast(this.link.connection, STREAMS.events.name, startedSubject(task.slip));
    const started = stored && readStored(stored, task.slip)?.event;
    return started ? { lineage: started, call: started.call } : null;
  }

  /** Whether the log existed when a message was stored, at `timestamp` in nanoseconds since 1970. */
  async isOlderThan(timestamp: string): Promise<boolean> {
    const { created } = await streamPosition(this.link.connection, STREAMS.events.name);
    return BigInt(nanoseconds(created)) <= BigInt(timestamp);
  }

  /** Announces a call without waiting: if the announcement is lost, only its line in the log is missing. */
  announce(event: StageEvent): void {
    this.link.outbox.publish(startedSubject(event), encodeBody(event));
  }

  /**
   * Stores that a call which was given back does not count: `event` has the number of calls before it. A delivery to
   * another worker must not read the older number, so this waits for the broker, but not longer than the shutdown may take.
   */
  async withdraw(event: StageEvent): Promise<void> {
    const stored = this.link.publisher.publish(startedSubject(event), encodeBody(event)).catch(() => undefined);
    await Promise.race([stored, wait(WITHDRAW_WITHIN_MS, undefined, { ref: false })]);
  }

  /** Commits a settlement; returns the one that is stored for this lineage, or null when a newer lineage is settled. */
  async commit(settlement: ReadStageEvent): Promise<ReadStageEvent | null> {
    const { event, inline } = settlement;
    const published = await publishOnce(
      this.link,
      {
        stream: STREAMS.events.name,
        subject: settledSubject(event),
        body: encodeBody(event, inline),
        lineage: event,
        lineageOf: (stored): Lineage | null => readStored(stored, event)?.event ?? null,
      },
      this.stopping,
    );
    if (published.as === 'superseded') return null;
    return published.as === 'ours' ? settlement : readStored(published.stored, event)!;
  }
}
