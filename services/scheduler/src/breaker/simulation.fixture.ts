import { retryDelay, type Outcome, type StageEvent } from '#libs/contracts';
import { stageEvent } from '#libs/testing';
import { Breaker } from './breaker.js';
import { afterConnection, afterTime } from './app-phase.js';
import type { Hold } from './hold.js';

const SECOND = 1000;
/** The clock advances faster while nothing can be called. */
const IDLE_STEP = 15 * SECOND;

/** How one call of the app ends at a time (milliseconds since the start); null: it succeeds. */
export type Answer = (file: { batch: number; run: number }, at: number) => Partial<StageEvent> | null;

interface File {
  readonly batch: number;
  readonly run: number;
  state: 'waiting' | 'done' | 'failed';
  attempt: number;
  hasFailed: boolean;
  notBefore: number;
}

export const failing = (outcome: Outcome, message: string = outcome): Partial<StageEvent> => ({
  kind: 'failed',
  outcome,
  sentence: message,
  fingerprint: `shots|${outcome}|${message}`,
});

/**
 * One app, batches of files through it, and the decisions of the breaker with a simulated clock: once a second the app
 * gets as many files as it has slots, and their results are recorded together.
 */
export class Simulation {
  readonly breaker = new Breaker();
  now = 0;
  calls = 0;
  private readonly files: File[];
  private holds: Hold[] = [];
  private isIdle = false;

  constructor(
    batches: readonly number[],
    private readonly answer: Answer,
    private readonly slots = 4,
  ) {
    const runs = batches.flatMap((size, batch) => Array.from({ length: size }, () => batch + 1));
    this.files = runs.map((batch, index) => ({
      batch,
      run: index + 1,
      state: 'waiting',
      attempt: 0,
      hasFailed: false,
      notBefore: 0,
    }));
  }

  /** Batches that are held. */
  get held(): number[] {
    return this.holds.map(({ batch }) => batch);
  }

  get isPaused(): boolean {
    return this.breaker.appPhase('shots').phase === 'open';
  }

  count(state: File['state'], batch?: number): number {
    return this.files.filter((file) => file.state === state && (batch === undefined || file.batch === batch)).length;
  }

  /** Advances the clock until a condition holds; throws after so many seconds. */
  run(seconds: number, until: () => boolean = () => this.count('waiting') === 0): void {
    const end = this.now + seconds * SECOND;
    while (!until()) {
      if (this.now >= end) throw new Error(`not reached after ${seconds} s: ${this.count('waiting')} files wait`);
      const before = this.calls;
      this.second(this.isIdle ? IDLE_STEP : SECOND);
      this.isIdle = this.calls === before;
    }
  }

  private second(step: number): void {
    this.now += step;
    this.probe();
    const phase = this.breaker.appPhase('shots').phase;
    const slots = phase === 'open' ? 0 : phase === 'probing' ? 1 : this.slots;
    const called = this.admissible().slice(0, slots);
    const events = called.map((file) => this.call(file));
    const waits = events.map((event) => this.breaker.waitsFor(event));
    events.forEach((event, index) => this.settle(called[index]!, event, waits[index]!));
    for (const event of events) {
      const decision = this.breaker.observe(event, this.now);
      if (!decision) continue;
      const others = this.holds.filter(({ batch }) => batch !== decision.hold.batch);
      if (decision.action === 'end') this.holds = others;
      if (decision.action === 'hold' && this.fresh(decision.hold.batch).length > 0)
        this.holds = [...others, decision.hold];
      if (decision.action === 'probe-failed')
        this.holds = [...others, { ...decision.hold, ...decision.step, probeRun: null }];
      if (decision.action === 'other-file') this.holds = [...others, { ...decision.hold, probeRun: null }];
      this.breaker.setHolds(this.holds);
    }
  }

  /** What `BatchHolds` and `AppBreakers` do every second. */
  private probe(): void {
    this.holds = this.holds.flatMap((hold) => {
      const [fresh] = this.fresh(hold.batch);
      if (hold.probeRun !== null || hold.probeAt === null || hold.probeAt > this.now) return [hold];
      return fresh ? [{ ...hold, probeRun: fresh.run }] : [];
    });
    this.breaker.setHolds(this.holds);
    const phase = this.breaker.appPhase('shots');
    const isReachable = this.answer({ batch: 0, run: 0 }, this.now)?.unreached !== 'connection';
    this.breaker.apps.set('shots', afterTime(isReachable ? afterConnection(phase) : phase, this.now));
  }

  private fresh(batch: number): File[] {
    return this.files.filter((file) => file.batch === batch && file.state === 'waiting' && !file.hasFailed);
  }

  private admissible(): File[] {
    const holds = new Map(this.holds.map((hold) => [hold.batch, hold.probeRun]));
    return this.files
      .filter(({ state, notBefore }) => state === 'waiting' && notBefore <= this.now)
      .filter(({ batch, run }) => !holds.has(batch) || holds.get(batch) === run)
      .sort((a, b) => a.notBefore - b.notBefore);
  }

  private call({ batch, run }: File): StageEvent {
    this.calls += 1;
    const result = this.answer({ batch, run }, this.now) ?? { kind: 'done', outcome: 'ok' };
    const times = { published: this.now, started: this.now, settled: this.now };
    return { ...stageEvent(), batch, run, app: 'shots', times, ...result } as StageEvent;
  }

  private settle(file: File, { kind, outcome }: StageEvent, waits: number | null): void {
    if (kind === 'done') {
      file.state = 'done';
      return;
    }
    file.hasFailed = true;
    const delay = waits ?? retryDelay(outcome!, file.attempt + 1, { random: 0 });
    if (waits === null) file.attempt += 1;
    if (delay === null) file.state = 'failed';
    else file.notBefore = this.now + delay;
  }
}
