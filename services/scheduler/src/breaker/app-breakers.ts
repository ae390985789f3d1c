import { Inject, Injectable } from '@nestjs/common';
import type { StageEvent } from '#libs/contracts';
import { AppBreakersRepository, type BatchChange, type BreakerRow } from '#libs/database';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { clock } from '../operator/phrases.js';
import { LOGGER } from '../scheduler-settings.js';
import { afterConnection, afterTime, type AppPhase } from './app-phase.js';
import { Breaker } from './breaker.js';
import { FILES_ALIKE } from './evidence.js';
import { testConnection } from './test-connection.js';

/**
 * Writes the pauses of apps that the breaker decides, and probes paused apps. A probe is the app with one slot, so that
 * workers run one stage at a time, until the first of them is settled. An operator's pause or resume ends the breaker's
 * control of an app.
 */
@Injectable()
export class AppBreakers {
  private readonly unsaved = new Set<string>();
  /** Apps whose connection is being tested. */
  private readonly testing = new Set<string>();

  constructor(
    private readonly repository: AppBreakersRepository,
    private readonly breaker: Breaker,
    private readonly live: LivePublisher,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Notes whether `decide` changes the phase of the event's app. */
  observe({ app }: StageEvent, decide: () => void): void {
    const before = this.breaker.appPhase(app);
    decide();
    if (this.breaker.appPhase(app).phase !== before.phase) this.unsaved.add(app);
  }

  /** Adopts the pauses of another leader, gives up apps that an operator has paused or resumed, and probes. */
  async follow(now: number): Promise<void> {
    for (const row of await this.repository.all()) {
      if (this.unsaved.has(row.app)) continue;
      if (!row.isOurs) {
        await this.repository.leave(row.app);
        this.breaker.forgetApp(row.app);
      } else if (this.breaker.appPhase(row.app).phase === 'closed') this.breaker.apps.set(row.app, phaseOf(row));
      if (row.cause === 'connection') this.test(row);
    }
    for (const [app, phase] of this.breaker.apps) this.moveTo(app, afterTime(phase, now));
  }

  /** Writes changed phases. Returns true when one has changed. */
  async save(): Promise<boolean> {
    const changed = [...this.unsaved];
    for (const app of changed) {
      const phase = this.breaker.appPhase(app);
      const changes = await this.write(app, phase);
      if (this.breaker.appPhase(app).phase !== phase.phase) continue;
      this.unsaved.delete(app);
      if (changes) this.publish(app, phase, changes);
      else this.breaker.forgetApp(app);
    }
    return changed.length > 0;
  }

  /** In the background: a host that drops packets must not delay the other decisions. */
  private test({ app, url }: BreakerRow): void {
    if (this.testing.has(app)) return;
    this.testing.add(app);
    void testConnection(url).then((isEstablished) => {
      this.testing.delete(app);
      if (isEstablished) this.moveTo(app, afterConnection(this.breaker.appPhase(app)));
    });
  }

  private moveTo(app: string, phase: AppPhase): void {
    if (phase.phase !== this.breaker.appPhase(app).phase) this.unsaved.add(app);
    this.breaker.apps.set(app, phase);
  }

  private write(app: string, phase: AppPhase): Promise<BatchChange[] | null> {
    switch (phase.phase) {
      case 'open':
        return this.repository.pause(app, { ...phase, why: pauseSentence(app, phase) });
      case 'probing':
        return this.repository.probe(app);
      case 'closed':
        return this.repository.resume(app);
    }
  }

  private publish(app: string, phase: AppPhase, changes: readonly BatchChange[]): void {
    for (const change of changes) this.live.add(change);
    if (phase.phase === 'open') this.log.error({ app, trips: phase.trips }, pauseSentence(app, phase));
    else this.log.warn({ app }, phase.phase === 'probing' ? `${app} is probed with one slot` : `${app} is resumed`);
  }
}

function pauseSentence(app: string, phase: Extract<AppPhase, { phase: 'open' }>): string {
  const { cause, trips, since, sentence, probeAt } = phase;
  if (cause !== 'failing') {
    const probe =
      cause === 'connection' ? 'the connection is tested every second' : `the next call is at ${clock(probeAt)}`;
    return `${app} has been unreachable since ${clock(since)} (${sentence}). Its files wait without losing attempts; ${probe}.`;
  }
  const failing =
    trips === 1 ? `failed for ${FILES_ALIKE} files of several batches in the same way` : 'still fails in the same way';
  return `${app} ${failing} (${sentence}). The next attempt is at ${clock(probeAt)}.`;
}

const phaseOf = ({ probing, cause, since, fingerprint, trips, probeAt }: BreakerRow): AppPhase => {
  const pause = { cause, since, fingerprint, sentence: '', trips };
  return probing ? { ...pause, phase: 'probing', probedAt: probeAt } : { ...pause, phase: 'open', probeAt };
};
