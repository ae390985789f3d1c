import { Inject, Injectable } from '@nestjs/common';
import type { ReadStageEvent } from '#libs/contracts';
import { isUnrecordable, RecorderRepository } from '#libs/database';
import { type BatchMessage, DocumentUnavailable } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { LOGGER } from '../scheduler-settings.js';
import { LogCursor } from './log-cursor.js';
import { project } from './projection.js';
import { failureInsteadOf } from './unrecordable-event.js';

/** An event as the log or `deferred_events` holds it. */
export type EventMessage = Pick<BatchMessage, 'sequence' | 'subject' | 'body'>;

/** True for an error that the same event always causes, false when a repetition may succeed. */
export const cannotRecord = (error: unknown): error is Error =>
  isUnrecordable(error) || error instanceof DocumentUnavailable;

/** Stores events that cannot be recorded in `recorder_parked`, and moves the recorder's position past them. */
@Injectable()
export class EventParking {
  constructor(
    private readonly repository: RecorderRepository,
    private readonly live: LivePublisher,
    private readonly cursor: LogCursor,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async park(parked: readonly { readonly message: EventMessage; readonly reason: string }[]): Promise<void> {
    const [first] = parked;
    if (!first) return;
    this.log.error(
      { events: parked.length, subject: first.message.subject, reason: first.reason },
      'events cannot be recorded and are parked in recorder_parked',
    );
    const events = parked.map(({ message: { sequence, subject, body }, reason }) => ({
      sequence,
      subject,
      reason,
      body,
    }));
    await this.repository.park(events, await this.cursor.behind(parked.at(-1)!.message.sequence));
  }

  /** Parks an event and records a failure of its stage instead, so that its run does not stay in progress for ever. */
  async parkAndFail(
    { event, message }: ReadStageEvent & { readonly message: EventMessage },
    error: Error,
  ): Promise<void> {
    await this.park([{ message, reason: error.message }]);
    const failure = failureInsteadOf(event, error);
    if (!failure) return;
    try {
      const committed = await this.repository.record(
        project([failure]),
        [],
        await this.cursor.behind(message.sequence),
      );
      for (const change of committed) this.live.add(change);
    } catch (cause) {
      // The run does not exist, so there is nothing to fail.
      if (!isUnrecordable(cause)) throw cause;
    }
  }
}
