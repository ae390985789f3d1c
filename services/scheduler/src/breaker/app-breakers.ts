import { Inject, Injectable } from '@nestjs/common';
import type { StageEvent } from '#libs/contracts';
import { AppBreakersRepository, type BatchChange, type BreakerRow, storableText } from '#libs/database';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { AppRegistry } from '../registry/app-registry.js';
import { LOGGER } from '../scheduler-settings.js';
import { afterSettlement, afterTime, type BreakerState, CLOSED, FAILURES_IN_A_ROW } from './breaker.js';

/**
 * Pauses apps that keep failing in the same way, and probes them after the pause. A probe is the app with one slot, so
 * that workers run one stage at a time, until the first of them is settled. Phases are stored in Postgres and survive
 * this process; counts of failures do not, and start at 0 with the next leader. An operator's pause or resume ends the
 * breaker's control of an app.
 */
@Injectable()
export class AppBreakers {
  private readonly states = new Map<string, BreakerState>();
  private readonly unsaved = new Set<string>();
  private readonly sentences = new Map<string, string>();
  /** End of the queue of operations: a pause that is being written must not be mistaken for an operator's. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly repository: AppBreakersRepository,
    private readonly registry: AppRegistry,
    private readonly live: LivePublisher,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Adds recorded events, in the order of the log. */
  observe(events: readonly StageEvent[], now: number): void {
    for (const { app, kind, outcome, fingerprint: given, sentence, times } of events) {
      if (kind !== 'done' && kind !== 'failed') continue;
      if (kind === 'failed') this.sentences.set(app, storableText(sentence ?? ''));
      // As Postgres stores it, because it is compared with what another leader has written.
      const fingerprint = kind === 'done' ? null : storableText(given ?? `${app}|${outcome}`);
      this.moveTo(app, afterSettlement(this.stateOf(app), { fingerprint, startedAt: times.started }, now));
    }
  }

  /** Reads Postgres, checks the clock, and writes changed phases; called every second. */
  tick(now: number): Promise<void> {
    return this.inTurn(async () => {
      await this.follow(await this.repository.all());
      for (const [app, state] of this.states) this.moveTo(app, afterTime(state, now));
      await this.saveAll();
    });
  }

  /** Writes changed phases; the next tick repeats what fails. */
  save(): Promise<void> {
    return this.inTurn(() => this.saveAll());
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  private stateOf(app: string): BreakerState {
    return this.states.get(app) ?? CLOSED;
  }

  private moveTo(app: string, state: BreakerState): void {
    if (state.phase !== this.stateOf(app).phase) this.unsaved.add(app);
    this.states.set(app, state);
  }

  /** Adopts the pauses of another leader, and gives up apps that an operator has paused or resumed. */
  private async follow(rows: readonly BreakerRow[]): Promise<void> {
    for (const row of rows) {
      const { app, isOurs } = row;
      if (this.unsaved.has(app)) continue;
      if (!isOurs) {
        await this.repository.leave(app);
        this.states.delete(app);
      } else if (this.stateOf(app).phase === 'closed') this.states.set(app, stateOf(row));
    }
  }

  private async saveAll(): Promise<void> {
    if (this.unsaved.size === 0) return;
    for (const app of this.unsaved) {
      const state = this.stateOf(app);
      const changes = await this.write(app, state);
      if (this.stateOf(app).phase !== state.phase) continue;
      this.unsaved.delete(app);
      if (changes) this.publish(app, state, changes);
      else this.states.delete(app);
    }
    await this.registry.provisionNew();
  }

  private write(app: string, state: BreakerState): Promise<BatchChange[] | null> {
    switch (state.phase) {
      case 'open':
        return this.repository.pause(app, { ...state, why: this.pauseSentence(app, state) });
      case 'probing':
        return this.repository.probe(app);
      case 'closed':
        return this.repository.resume(app);
    }
  }

  private publish(app: string, state: BreakerState, changes: readonly BatchChange[]): void {
    for (const change of changes) this.live.add(change);
    if (state.phase === 'open') this.log.error({ app, trips: state.trips }, this.pauseSentence(app, state));
    else this.log.warn({ app }, state.phase === 'probing' ? `${app} is probed with one slot` : `${app} is resumed`);
  }

  private pauseSentence(app: string, { trips, probeAt }: Extract<BreakerState, { phase: 'open' }>): string {
    const failing =
      trips === 1 ? `failed ${FAILURES_IN_A_ROW} times in a row in the same way` : 'still fails in the same way';
    return `${app} ${failing} (${this.sentences.get(app)}). The next attempt is at ${new Date(probeAt).toISOString()}.`;
  }
}

const stateOf = ({ probing, fingerprint, trips, probeAt }: BreakerRow): BreakerState =>
  probing ? { phase: 'probing', fingerprint, trips, since: probeAt } : { phase: 'open', fingerprint, trips, probeAt };
