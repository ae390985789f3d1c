import { Inject, Injectable } from '@nestjs/common';
import { type BatchChange, BatchHoldsRepository } from '#libs/database';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { LOGGER } from '../scheduler-settings.js';
import { ServerClock } from '../server-clock.js';
import { Breaker, type HoldDecision } from './breaker.js';
import { FILES_ALIKE } from './evidence.js';

/** Writes the holds of batches that the breaker decides, and lets probes pass. */
@Injectable()
export class BatchHolds {
  private unsaved: HoldDecision[] = [];
  private hasChosen = false;

  constructor(
    private readonly repository: BatchHoldsRepository,
    private readonly breaker: Breaker,
    private readonly live: LivePublisher,
    private readonly clock: ServerClock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  observe(decision: HoldDecision | null): void {
    if (decision) this.unsaved.push(decision);
  }

  /** Adopts the holds in Postgres, which persons also change, and chooses the probes that are due. */
  async follow(now: number): Promise<void> {
    const changes = await this.repository.chooseProbes(now);
    this.publish(changes);
    this.hasChosen ||= changes.length > 0;
    this.breaker.keepBatches(new Set(await this.repository.runningBatches()));
    if (this.unsaved.length === 0) this.breaker.setHolds(await this.repository.all());
  }

  /** Writes the decisions in their order. Returns true when something has changed. */
  async save(): Promise<boolean> {
    let hasChanged = this.hasChosen;
    this.hasChosen = false;
    for (let decision = this.unsaved[0]; decision; decision = this.unsaved[0]) {
      const change = await this.write(decision);
      this.unsaved.shift();
      if (change) this.publish([change]);
      hasChanged ||= change !== null;
      if (this.unsaved.length === 0) this.breaker.setHolds(await this.repository.all());
    }
    return hasChanged;
  }

  private async write(decision: HoldDecision): Promise<BatchChange | null> {
    const { hold } = decision;
    const { batch, stage } = hold;
    switch (decision.action) {
      case 'hold': {
        const reason = `${FILES_ALIKE} files failed in the same way: ${decision.sentence}`;
        const change = await this.repository.hold(hold, reason);
        if (change) this.log.error({ batch, stage, reason }, 'a batch is held at a stage');
        return change;
      }
      case 'end':
        this.log.info({ batch, stage }, 'a held batch continues');
        return this.repository.end(hold);
      case 'other-file':
        return this.repository.probeAgain(hold, null, this.clock.now());
      case 'probe-failed':
        return this.repository.probeAgain(hold, decision.step.trips, decision.step.probeAt);
    }
  }

  private publish(changes: readonly BatchChange[]): void {
    for (const change of changes) this.live.add(change);
  }
}
