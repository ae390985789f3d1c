import { Inject, Injectable } from '@nestjs/common';
import { AdmissionRepository, ReuseRepository, type WaitingBatch } from '#libs/database';
import { LivePublisher } from '../live-publisher.js';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from '../scheduler-step.js';
import type { ChosenRuns } from './choose-runs.js';
import { StagePublisher } from './stage-publisher.js';

/** The transaction of a claim holds locks while it publishes, so it gives up before others wait long for them. */
const PUBLISH_TIMEOUT_MS = 5000;

/** Decides what the waiting runs of one batch reuse, and admits the chosen ones. */
@Injectable()
export class BatchAdmission {
  constructor(
    private readonly runs: AdmissionRepository,
    private readonly reuse: ReuseRepository,
    private readonly publisher: StagePublisher,
    private readonly live: LivePublisher,
    @Inject(ON_SCHEDULER_STEP) private readonly onStep: OnSchedulerStep,
  ) {}

  async admit(batch: WaitingBatch, { nextIndex, count }: ChosenRuns): Promise<void> {
    const changes = await this.runs.admit({ ...batch, nextIndex }, count, async (runs) => {
      const signal = AbortSignal.timeout(PUBLISH_TIMEOUT_MS);
      await Promise.all(runs.map((run) => this.publisher.publish(batch, run, signal)));
      this.onStep('published');
    });
    this.onStep('admitted');
    for (const change of changes) this.live.add(change);
  }

  /**
   * Decides which stored results the oldest waiting runs reuse, before credits are considered: a run that reuses a stage
   * does not need that stage's app. Returns true when results were reused, so that runs are finished or wait elsewhere.
   */
  async decideReuse({ id, waiting }: WaitingBatch): Promise<boolean> {
    const limit = waiting.reduce((sum, { undecided }) => sum + undecided, 0);
    if (limit === 0) return false;
    const { decided, change } = await this.reuse.decide(id, limit);
    if (change) this.live.add(change);
    if (decided > 0) this.onStep('decided');
    return change !== null;
  }
}
