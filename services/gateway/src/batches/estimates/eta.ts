import type { BatchSummary, Eta, Percentiles } from '#libs/contracts';
import type { PaceSample } from '#libs/database';
import { inWords } from './estimate.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Before this nothing that can be said means anything. */
const LEAST_FILES = 20;
const LEAST_SPAN = 5 * MINUTE;
const WINDOW = 10 * MINUTE;
/** Samples that are further apart have a pause between them. */
const GAP = 2 * MINUTE;
/** The number that nine of ten counts of chance events exceed lies so many standard deviations below their mean. */
const NINE_OF_TEN = 1.2816;
/** Few events say little; but no estimate is more than so many times the likely one. */
const LEAST_SHARE = 1 / 4;

type Stage = BatchSummary['stages'][number];

const ended = ({ counts }: Stage): number => counts.done + counts.failed;
const open = ({ counts }: Stage): number => counts.waiting + counts.queued + counts.running + counts.retrying;

/** The samples of the window, from the last pause on. */
function steadySamples(samples: readonly PaceSample[], now: number): readonly PaceSample[] {
  const recent = samples.filter(({ at }) => at >= now - WINDOW && at <= now);
  const last = recent.at(-1);
  if (!last || now - last.at > GAP) return [];
  const begin = recent.findLastIndex(({ at }, index) => index > 0 && at - recent[index - 1]!.at > GAP);
  return begin < 0 ? recent : recent.slice(begin);
}

/** Runs that have still to pass each stage: those that ended before it never come to it. */
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

/** When a batch will be finished; null as long as nothing that can be said means anything. */
export function etaOf(summary: BatchSummary, samples: readonly PaceSample[], now: number): Eta | null {
  const { state, paused, runs, stages } = summary;
  const steady = steadySamples(samples, now);
  const [first] = steady;
  if (state !== 'running' || paused || runs.done + runs.failed < LEAST_FILES || !first) return null;
  const span = now - first.at;
  if (span < LEAST_SPAN) return null;
  const ahead = remaining(summary);
  const passed = stages.map((stage, index) => Math.max(0, ended(stage) - (first.ended[index] ?? 0)));
  if (ahead.every((left) => left === 0)) return null;
  if (passed.every((count) => count === 0)) return stalled(span);
  const waits = stages.flatMap(({ name }, index) =>
    ahead[index] === 0 ? [] : [{ name, ...waitOf(ahead[index]!, passed[index]!, span / SECOND) }],
  );
  // A stage to which nothing has come yet may be the slowest.
  if (waits.some(({ p50 }) => !Number.isFinite(p50))) return null;
  const slowest = waits.reduce((most, wait) => (wait.p50 > most.p50 ? wait : most));
  const seconds = { p50: slowest.p50, p90: Math.max(...waits.map(({ p90 }) => p90)) };
  return { seconds, at: timesOf(seconds, now), stage: slowest.name, stalled: false, sentence: sentenceOf(seconds) };
}

function waitOf(left: number, passed: number, span: number): Percentiles {
  const slow = Math.max(passed - NINE_OF_TEN * Math.sqrt(passed), passed * LEAST_SHARE);
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
  sentence: `Stalled: nothing has come to an end for ${inWords(span / SECOND)}. Ask why (explain).`,
});
