import { Injectable } from '@nestjs/common';
import { RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import { consumerPosition, NatsLink } from '#libs/messaging';
import { SchedulerSettings } from '../scheduler-settings.js';

const REQUEST_EVERY_MS = 1000;

/** How far the recorder is behind the event log, requested at most once a second. */
@Injectable()
export class RecorderLag {
  private requestedAt = Number.NEGATIVE_INFINITY;
  private events = 0;

  constructor(
    private readonly link: NatsLink,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Whether too many events are unrecorded to admit more runs; rejects when the broker does not answer. `now`: `monotonicNow`. */
  async isTooLarge(now: number): Promise<boolean> {
    if (now - this.requestedAt >= REQUEST_EVERY_MS) {
      const { pending } = await consumerPosition(this.link.connection, STREAMS.events.name, RECORDER_CONSUMER);
      this.requestedAt = now;
      this.events = pending;
    }
    return this.events > this.settings.maxLag;
  }
}
