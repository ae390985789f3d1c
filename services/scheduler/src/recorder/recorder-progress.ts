import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { STREAMS } from '#libs/contracts';
import { NatsLink, RecorderPosition, type StreamPosition, streamPosition } from '#libs/messaging';

/** The event log and its recorder at one moment. */
export interface LogState {
  readonly events: StreamPosition;
  /** Every event up to this sequence is recorded, parked or deferred. */
  readonly recorded: number;
}

const POLL_MS = 50;

/** How many events the recorder has not handled; events that the limits of the log removed do not count. */
export const unrecordedEvents = ({ events, recorded }: LogState): number =>
  Math.max(0, events.last - Math.max(recorded, events.first - 1));

/**
 * How far the recorder is in the event log. While it has not passed the last event that existed when this leader began,
 * Postgres may be older than the broker, for example after a failover to a lagging replica: runs that Postgres takes
 * for waiting may be in progress or done. Until then nothing may be admitted, swept, replayed or cancelled.
 */
@Injectable()
export class RecorderProgress {
  /** The last event when this leader began; null: not known yet, or passed. */
  private gate: StreamPosition | null = null;
  private hasPassed = false;

  constructor(
    private readonly position: RecorderPosition,
    private readonly link: NatsLink,
  ) {}

  /** Reads the end of the log. Call it when this process begins to lead, before the recorder reads. */
  async begin(): Promise<void> {
    this.hasPassed = false;
    this.gate = await streamPosition(this.link.connection, STREAMS.events.name);
  }

  /** Whether Postgres contains everything that the log held when this leader began; rejects without the broker. */
  async hasCaughtUp(): Promise<boolean> {
    if (this.hasPassed) return true;
    const { gate } = this;
    const state = await this.state();
    if (!gate || !state) return false;
    // The events of a deleted log cannot be read any more.
    const isAnother = state.events.created !== gate.created;
    this.hasPassed = isAnother || state.recorded >= gate.last || unrecordedEvents(state) === 0;
    return this.hasPassed;
  }

  /** Waits at most `milliseconds` until the recorder has caught up; returns whether it has. */
  async untilCaughtUp(milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    while (!(await this.hasCaughtUp())) {
      if (performance.now() > end) return false;
      await wait(POLL_MS);
    }
    return true;
  }

  /** Null while the position of the recorder is not known; rejects when the broker does not answer. */
  async state(): Promise<LogState | null> {
    // Read first, so that an event that arrives in between counts as unrecorded.
    const recorded = this.position.recorded();
    const events = await streamPosition(this.link.connection, STREAMS.events.name);
    return recorded === null ? null : { events, recorded };
  }
}
