import { Injectable } from '@nestjs/common';
import { RecorderProgress, unrecordedEvents } from '../recorder/recorder-progress.js';
import { SchedulerSettings } from '../scheduler-settings.js';

const REQUEST_EVERY_MS = 1000;

/** How far the recorder is behind the event log, requested at most once a second. */
@Injectable()
export class RecorderLag {
  private requestedAt = Number.NEGATIVE_INFINITY;
  private events = 0;

  constructor(
    private readonly progress: RecorderProgress,
    private readonly settings: SchedulerSettings,
  ) {}

  /**
   * Whether too many events are unrecorded to admit more runs, or some that existed when this leader began; rejects
   * when the broker does not answer. `now`: `monotonicNow`.
   */
  async isTooLarge(now: number): Promise<boolean> {
    if (!(await this.progress.hasCaughtUp())) return true;
    if (now - this.requestedAt >= REQUEST_EVERY_MS) {
      const state = await this.progress.state();
      if (!state) return true;
      this.requestedAt = now;
      this.events = unrecordedEvents(state);
    }
    return this.events > this.settings.maxLag;
  }
}
