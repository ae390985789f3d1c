import { Inject, Injectable } from '@nestjs/common';
import { AdmissionRepository, ReuseRepository, type WaitingBatch } from '#libs/database';
import { LivePublisher } from '../live-publisher.js';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from '../scheduler-step.js';
import { MAX_CLAIM } from './choose-runs.js';
import { StagePublisher } from './stage-publisher.js';

/** The transaction of a claim holds locks while it publishes, so it gives up before others wait long for them. */
const PUBLISH_TIMEOUT_MS = 5000;

/** Admits the chosen runs of one batch. */
@Injectable()
export class BatchAdmission {
  constructor(
    private readonly runs: AdmissionRepository,
    private readonly reuse: ReuseRepository,
    private readonly publisher: StagePublisher,
    private readonly live: LivePublisher,
    @Inject(ON_SCHEDULER_STEP) private readonly onStep: OnSchedulerStep,
  ) {}

  /** Returns true when reused results finished chosen runs: their credits are free for others. */
  async admit(batch: WaitingBatch, count: number): Promise<boolean> {
    const hasFreedCredits = batch.reuse && (await this.decideReuse(batch.id, count));
    const change = await this.runs.admit(batch, count, async (runs) => {
      const signal = AbortSignal.timeout(PUBLISH_TIMEOUT_MS);
      await Promise.all(runs.map((run) => this.publisher.publish(batch, run, signal)));
      this.onStep('published');
    });
    this.onStep('admitted');
    if (change) this.live.add(change);
    return hasFreedCredits;
  }

  /** Decides which stored results the next runs reuse. If all of them are finished by that, many more are decided. */
  private async decideReuse(batch: number, count: number): Promise<boolean> {
    let hasFinishedAll = false;
    for (const limit of [count, MAX_CLAIM]) {
      const { decided, finished, change } = await this.reuse.decide(batch, limit);
      if (change) this.live.add(change);
      if (decided > 0) this.onStep('decided');
      if (finished < limit) break;
      hasFinishedAll = true;
    }
    return hasFinishedAll;
  }
}
