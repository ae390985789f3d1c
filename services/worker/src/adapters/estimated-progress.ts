import type { StageProgress } from '#libs/contracts';
import { Stopwatch } from '#libs/runtime';
import type { ProgressReports } from './progress.js';

const SECOND = 1000;
const REPORT_EVERY_MS = 5 * SECOND;
/** An estimate never claims that a call is about to end. */
const MOST_PERCENT = 95;

/** The percentage after some milliseconds of a call that typically takes `typicalSeconds`. */
export const estimatedPercent = (elapsedMs: number, typicalSeconds: number): number =>
  Math.min(MOST_PERCENT, Math.floor((100 * elapsedMs) / (typicalSeconds * SECOND)));

/**
 * Reports how far a call probably is, every 5 s, for an app that reports no percentage. Reports nothing for an app whose
 * typical time is unknown.
 */
export function estimateProgress(
  typicalSeconds: number | undefined,
  onProgress: (progress: StageProgress) => void,
): ProgressReports | undefined {
  if (typicalSeconds === undefined) return undefined;
  const started = new Stopwatch();
  let last = 0;
  const timer = setInterval(() => {
    const percent = estimatedPercent(started.elapsed(), typicalSeconds);
    if (percent === last) return;
    last = percent;
    onProgress({ percent, estimated: true });
  }, REPORT_EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
