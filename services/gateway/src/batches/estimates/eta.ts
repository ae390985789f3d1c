import type { BatchSummary, Eta, Percentiles } from '#libs/contracts';
import type { PaceSample } from '#libs/database';
import { inWords } from './estimate.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Below these limits an ETA would be a guess. */
const MIN_FILES = 20;
const MIN_SPAN = 5 * MINUTE;
const WINDOW = 10 * MINUTE;
/** A larger gap between samples is a pause of the batch. */
const GAP = 2 * MINUTE;
/** 90 % of random counts are above their mean minus this many standard deviations. */
const P90_DEVIATIONS = 1.2816;
/** With few events the count is uncertain; p90 is at most 4 times p50. */
const MIN_SHARE = 1 / 4;

type Stage = BatchSummary['stages'][number];

const ended = ({ counts }: Stage): number => counts.done + counts.failed;
const open = ({ counts }: Stage): number => counts.waiting + counts.queued + counts.running + counts.retrying;

/** The samples of the window since the last pause. */
function steadySamples(samples: readonly PaceSample[], now: number): readonly PaceSample[] {
  const recent = samples.filter(({ at }) => at >= now - WINDOW && at <= now);
  const last = recent.at(-1);
  if (!last || now - last.at > GAP) return [];
  const begin = recent.findLastIndex(({ at }, index) => index > 0 && at - recent[index - 1]!.at > GAP);
  return recent.slice(Math.max(0, begin));
}

/** Runs that each stage still has to process, without those that ended at an earlier stage. */
function remaining({ stages, trial }: BatchSummary): number[] {
  let lost = 0;
  return stages.map((stage) => {
    const { counts } = stage;
    const left = Math.max(0, open(stage) - lost);
    lost += counts.failed + counts.cancelled;
    if (!trial) return left;
    return Math.max(0, Math.min(left, trial.files - ended(stage) - counts.skipped - lost + counts.failed));
  });
}

/**
 * When a batch will finish, from its pace in the last 10 minutes; null until 20 files have ended and the samples span 5
 * minutes. A batch without any ended stage in that time is stalled.
 */
export function etaOf(summary: BatchSummary, samples: readonly PaceSample[], now: number): Eta | null {
  const { state, paused, runs, stages } = summary;
  const steady = steadySamples(samples, now);
  const [first] = steady;
  if (state !== 'running' || paused || runs.done + runs.failed < MIN_FILES || !first) return null;
  const span = now - first.at;
  if (span < MIN_SPAN) return null;
  const ahead = remaining(summary);
  const passed = stages.map((stage, index) => Math.max(0, ended(stage) - (first.ended[index] ?? 0)));
  if (ahead.every((left) => left === 0)) return null;
  if (passed.every((count) => count === 0)) return stalled(span);
  const waits = stages.flatMap(({ name }, index) =>
    ahead[index] === 0 ? [] : [{ name, ...waitOf(ahead[index]!, passed[index]!, span / SECOND) }],
  );
  // A stage that has not processed any file yet may be the slowest.
  if (waits.some(({ p50 }) => !Number.isFinite(p50))) return null;
  const slowest = waits.reduce((most, wait) => (wait.p50 > most.p50 ? wait : most));
  const seconds = { p50: slowest.p50, p90: Math.max(...waits.map(({ p90 }) => p90)) };
  return { seconds, at: timesOf(seconds, now), stage: slowest.name, stalled: false, sentence: sentenceOf(seconds) };
}

function waitOf(left: number, passed: number, span: number): Percentiles {
  const slow = Math.max(passed - P90_DEVIATIONS * Math.sqrt(passed), passed * MIN_SHARE);
  return { p50: (left * span) / passed, p90: (left * span) / slow };
}

const timesOf = ({ p50, p90 }: Percentiles, now: number) => ({
  p50: new Date(now + p50 * SECOND).toISOString(),
  p90: new Date(now + p90 * SECOND).toISOString(),
});

function sentenceOf({ p50, p90 }: Percentiles): string {
  const [least, most] = [inWords(p50), inWords(p90)];
  return least === most ? `About ${least} left.` : `About ${least} to ${most} left.`;
}

const stalled = (span: number): Eta => ({
  seconds: null,
  at: null,
  stage: null,
  stalled: true,
  sentence: `Stalled: no file has finished for ${inWords(span / SECOND)}. Use explain to find out why.`,
});
