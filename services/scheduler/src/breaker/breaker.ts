import { Injectable } from '@nestjs/common';
import type { StageEvent } from '#libs/contracts';
import { type AppPhase, afterSettlement, CLOSED } from './app-phase.js';
import { BusyFiles } from './busy-files.js';
import { Evidence, FILES_ALIKE } from './evidence.js';
import { afterHeldStage, type Hold, type HoldStep, nextProbe } from './hold.js';
import { fileKey, type Settled, settledOf } from './settled.js';

/** Limit of the files whose failure is remembered. */
const MAX_FAILED_FILES = 200_000;
/** Batches are evidence against an app only if there are several. */
const BATCHES_ALIKE = 2;
const SECOND = 1000;
const CONNECTION_DELAY = SECOND;

/** A decision about a batch at a stage. */
export type HoldDecision =
  | { readonly action: 'hold'; readonly hold: Hold; readonly sentence: string }
  | { readonly action: 'end' | 'other-file'; readonly hold: Hold }
  | { readonly action: 'probe-failed'; readonly hold: Hold; readonly step: Exclude<HoldStep, string> };

const holdKey = (batch: number, stage: number): string => `${batch}/${stage}`;

/**
 * Decides from settled stages which batches are held at a stage and which apps are paused; without I/O. Phases and
 * holds are stored in Postgres and given back by their owners (`AppBreakers`, `BatchHolds`); evidence is not, and
 * starts empty with the next leader.
 */
@Injectable()
export class Breaker {
  readonly apps = new Map<string, AppPhase>();
  private holds = new Map<string, Hold>();
  private readonly ofStages = new Map<string, Evidence>();
  private readonly ofApps = new Map<string, Evidence>();
  private readonly busy = new Map<string, BusyFiles>();
  private readonly failed = new Set<string>();

  appPhase(app: string): AppPhase {
    return this.apps.get(app) ?? CLOSED;
  }

  /** Replaces the holds by those in Postgres. The evidence of a stage whose hold has ended starts empty. */
  setHolds(holds: readonly Hold[]): void {
    const current = new Map(holds.map((hold) => [holdKey(hold.batch, hold.stage), hold]));
    for (const key of this.holds.keys()) if (!current.has(key)) this.ofStages.delete(key);
    this.holds = current;
  }

  /** Forgets the evidence of batches that have ended. */
  keepBatches(running: ReadonlySet<number>): void {
    for (const key of this.ofStages.keys()) if (!running.has(Number(key.split('/')[0]))) this.ofStages.delete(key);
  }

  /** Forgets the evidence against an app that a person has resumed. */
  forgetApp(app: string): void {
    this.apps.delete(app);
    this.ofApps.delete(app);
  }

  /**
   * Milliseconds after which a failure is tried again without counting as an attempt; null: it counts. It does not
   * count if the app did not accept the call, or is already known to fail in this way. A file fails without counting
   * only once, so that it ends.
   */
  waitsFor(event: StageEvent): number | null {
    const settled = settledOf(event, (file) => this.failed.has(file));
    if (settled?.result !== 'failure') return null;
    if (settled.unreached !== null) {
      if (this.busyFiles(settled.app).isFault(settled)) return null;
      const delay = settled.unreached === 'busy' ? this.busyFiles(settled.app).delay(settled) : CONNECTION_DELAY;
      return Math.max(delay, settled.retryAfter * SECOND);
    }
    if (settled.isRetry) return null;
    const phase = this.appPhase(settled.app);
    const known = [
      this.holds.get(holdKey(settled.batch, settled.index))?.fingerprint,
      phase.phase !== 'closed' && phase.cause === 'failing' ? phase.fingerprint : null,
    ];
    return known.includes(settled.fingerprint) ? 0 : null;
  }

  /** Adds a recorded event; moves the phase of its app, and returns what is decided about its batch. */
  observe(event: StageEvent, now: number): HoldDecision | null {
    const settled = settledOf(event, (file) => this.failed.has(file));
    if (!settled) return null;
    this.moveApp(settled, now);
    const decision = this.decideHold(settled, now);
    this.busyFiles(settled.app).add(settled);
    this.remember(settled);
    return decision;
  }

  private moveApp(settled: Settled, now: number): void {
    const { files, batches } = evidenceOf(this.ofApps, settled.app).add(settled);
    const conditions = {
      isFailing: files >= FILES_ALIKE && batches >= BATCHES_ALIKE,
      isOnlyThisFile: this.busyFiles(settled.app).isSuspect(settled),
    };
    this.apps.set(settled.app, afterSettlement(this.appPhase(settled.app), settled, conditions, now));
  }

  private decideHold(settled: Settled, now: number): HoldDecision | null {
    const key = holdKey(settled.batch, settled.index);
    const evidence = evidenceOf(this.ofStages, key);
    const { files } = evidence.add(settled);
    const hold = this.holds.get(key);
    if (!hold) {
      if (files < FILES_ALIKE) return null;
      // The batch may not be held if no other files are left; then it takes 20 more files.
      evidence.clear();
      // In force at once: it is written to Postgres before the next admission.
      const { batch, index: stage, fingerprint } = settled;
      const started = { batch, stage, fingerprint, trips: 1, probeAt: nextProbe(1, now), probeRun: null };
      this.holds.set(key, started);
      return { action: 'hold', hold: started, sentence: settled.sentence };
    }
    const step = afterHeldStage(hold, settled, now);
    if (step === 'none') return null;
    return typeof step === 'string' ? { action: step, hold } : { action: 'probe-failed', hold, step };
  }

  private remember(settled: Settled): void {
    const key = fileKey(settled);
    if (settled.result === 'success') this.failed.delete(key);
    if (settled.result !== 'failure' || settled.unreached !== null) return;
    if (this.failed.size >= MAX_FAILED_FILES) this.failed.delete(this.failed.values().next().value!);
    this.failed.add(key);
  }

  private busyFiles(app: string): BusyFiles {
    const known = this.busy.get(app) ?? new BusyFiles();
    this.busy.set(app, known);
    return known;
  }
}

function evidenceOf(all: Map<string, Evidence>, key: string): Evidence {
  const known = all.get(key) ?? new Evidence();
  all.set(key, known);
  return known;
}
