import type { Settled } from './settled.js';

const MINUTE = 60_000;
const LONGEST_PAUSE = 15 * MINUTE;

/** A batch that is held at a stage. Times are milliseconds since 1970. */
export interface Hold {
  readonly batch: number;
  readonly stage: number;
  /** The repeated failure; null: a person holds the batch, and only a person ends it. */
  readonly fingerprint: string | null;
  /** Probes that failed, and the first failure. */
  readonly trips: number;
  readonly probeAt: number | null;
  /** The run that may pass, as a probe. */
  readonly probeRun: number | null;
}

/** What follows for a hold from a settled stage of its batch. */
export type HoldStep =
  | 'none'
  /** The app works again: the batch continues. */
  | 'end'
  /** The probe proved nothing: another file is needed. */
  | 'other-file'
  /** The probe failed: the next one follows at `probeAt`. */
  | { readonly trips: number; readonly probeAt: number };

/** When a held batch is probed after its `trips`-th failure. */
export const nextProbe = (trips: number, now: number): number =>
  now + Math.min(MINUTE * 2 ** (trips - 1), LONGEST_PAUSE);

/** Decides what a settled stage means for a hold. Any success ends it, also of a call that began before it. */
export function afterHeldStage(hold: Hold, settled: Settled, now: number): HoldStep {
  if (hold.fingerprint === null || settled.batch !== hold.batch || settled.index !== hold.stage) return 'none';
  if (settled.result === 'success') return 'end';
  // A file that was refused waits for the app and is then the probe again.
  if (settled.run !== hold.probeRun || settled.unreached !== null) return 'none';
  if (settled.result === 'neutral') return 'other-file';
  const trips = hold.trips + 1;
  return { trips, probeAt: nextProbe(trips, now) };
}
