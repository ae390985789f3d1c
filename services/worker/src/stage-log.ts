import {
  decodeBody,
  encodeBody,
  type StageEvent,
  stageEventSchema,
  type Lineage,
  settledSubject,
  startedSubject,
  STREAMS,
} from '#libs/contracts';
import { nanoseconds, type NatsLink, publishOnce, readLast, type StoredMessage, streamPosition } from '#libs/messaging';
import type { StageHistory } from './before-call.js';
import type { StageTask } from './stage-task.js';

/** A settlement as it stands in the log, with the inline output behind its first line. */
export interface Settlement {
  readonly event: StageEvent;
  readonly inline: Uint8Array;
}

/** Reads a message of the event log; null when it is none. */
export function readSettlement(stored: StoredMessage): Settlement | null {
  try {
    const { head, rest } = decodeBody(stored.body);
    return { event: stageEventSchema.parse(head), inline: rest };
  } catch {
    return null;
  }
}

const lineageOfEvent = (stored: StoredMessage): Lineage | null => readSettlement(stored)?.event ?? null;

/** The event log of stages: what was started and settled. The settlement is the commit point of a stage. */
export class StageLog {
  constructor(
    private readonly link: NatsLink,
    private readonly stopping: AbortSignal,
  ) {}

  async lastSettlement(task: StageTask): Promise<Settlement | null> {
    const stored = await readLast(this.link.connection, STREAMS.events.name, settledSubject(task.slip));
    return stored && readSettlement(stored);
  }

  async lastStart(task: StageTask): Promise<StageHistory['started']> {
    const stored = await readLast(this.link.connection, STREAMS.events.name, startedSubject(task.slip));
    const started = stored && readSettlement(stored)?.event;
    return started ? { lineage: started, call: started.call } : null;
  }

  /** Whether the log was there already when a message was stored, at `timestamp` in nanoseconds since 1970. */
  async isOlderThan(timestamp: string): Promise<boolean> {
    const { created } = await streamPosition(this.link.connection, STREAMS.events.name);
    return BigInt(nanoseconds(created)) <= BigInt(timestamp);
  }

  /** Announces a call without waiting: losing the announcement costs nothing but its line in the log. */
  announce(event: StageEvent): void {
    this.link.outbox.publish(startedSubject(event), encodeBody(event));
  }

  /** Commits a settlement; returns the one that stands for this lineage, or null when a newer lineage stands. */
  async commit(settlement: Settlement): Promise<Settlement | null> {
    const { event, inline } = settlement;
    const published = await publishOnce(
      this.link,
      {
        stream: STREAMS.events.name,
        subject: settledSubject(event),
        body: encodeBody(event, inline),
        lineage: event,
        lineageOf: lineageOfEvent,
      },
      this.stopping,
    );
    if (published.as === 'superseded') return null;
    return published.as === 'ours' ? settlement : readSettlement(published.stored)!;
  }
}
