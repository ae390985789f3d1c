import { Injectable } from '@nestjs/common';
import type { BatchStatus } from '#libs/database';
import type { ActivityStatus } from './situation.js';

type Seen = Pick<ActivityStatus, 'recordedAt' | 'changedAt' | 'admissionFailure'>;

/**
 * Remembers when the recorder and each batch last made progress, on the clock of `monotonicNow`. A new leader starts
 * with its own beginning.
 */
@Injectable()
export class RecentActivity {
  private recorder: { readonly recorded: number; readonly at: number } | null = null;
  private batches = new Map<number, { readonly version: number; readonly at: number }>();
  private failure: { readonly at: number; readonly sentence: string } | null = null;

  /** `recorded`: the last recorded sequence; `lag`: events that are not recorded yet. */
  observeRecorder({ recorded, lag }: { readonly recorded: number; readonly lag: number }, at: number): void {
    if (recorded !== this.recorder?.recorded || lag === 0) this.recorder = { recorded, at };
  }

  /** Batches that are missing are forgotten. */
  observeBatches(statuses: readonly Pick<BatchStatus, 'batch' | 'version'>[], at: number): void {
    this.batches = new Map(
      statuses.map(({ batch, version }) => {
        const known = this.batches.get(batch);
        return [batch, known?.version === version ? known : { version, at }];
      }),
    );
  }

  /** `error`: null when admission worked. */
  observeAdmission(error: unknown, at: number): void {
    if (error === null) this.failure = null;
    else {
      const sentence = error instanceof Error ? error.message : String(error);
      this.failure = { at: this.failure?.at ?? at, sentence };
    }
  }

  /** The same as times on the clock of `now`, in milliseconds since 1970; `at`: the same moment. */
  seen(now: number, at: number): Seen {
    const timeOf = (then: number) => now - (at - then);
    return {
      recordedAt: timeOf(this.recorder?.at ?? at),
      changedAt: new Map([...this.batches].map(([batch, seen]) => [batch, timeOf(seen.at)])),
      admissionFailure: this.failure && { since: timeOf(this.failure.at), sentence: this.failure.sentence },
    };
  }
}
