import { countOf } from './counting.js';
import type { BatchState } from './states.js';
import type { RunTotals, StageCounts, Trial } from './live.js';

const total = (counts: Partial<Record<string, number>>) =>
  Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);

function stagePhrase(name: string, counts: Partial<StageCounts>): string | null {
  const all = total(counts);
  const done = (counts.done ?? 0) + (counts.skipped ?? 0);
  const failed = counts.failed ?? 0;
  if (all === (counts.waiting ?? 0)) return null;
  const failures = failed > 0 ? ` (${failed} failed)` : '';
  if (done + failed + (counts.cancelled ?? 0) === all)
    return failed === all ? `${name} failed` : `${name} done${failures}`;
  return `${name} ${Math.floor((100 * done) / all)} %${failures}`;
}

/** Counts instead of percentages: a trial is a small part of the batch. */
function trialPhrase({ files, done, failed, ended }: Trial): string {
  const failures = failed > 0 ? ` (${failed} failed)` : '';
  return ended
    ? `trial of ${files} finished, ${done} done${failures}; start the batch again to run the rest`
    : `trial of ${files}, ${done} done${failures}`;
}

/** The progress of a batch in one line: "Batch 123: shots done, text 40 %". */
export function summarySentence(batch: {
  id: number;
  state: BatchState;
  paused?: object | undefined;
  trial?: Trial | undefined;
  runs: Partial<RunTotals>;
  stages: readonly { name: string; counts: Partial<StageCounts> }[];
}): string {
  const head = `Batch ${batch.id}${batch.paused ? ' (paused)' : ''}`;
  const files = total(batch.runs);
  if (batch.state === 'draft') return `${head}: not started, ${countOf(files, 'file')}`;
  if (batch.state === 'finished') {
    const { done = 0, failed = 0, cancelled = 0 } = batch.runs;
    const others = [failed > 0 ? `, ${failed} failed` : '', cancelled > 0 ? `, ${cancelled} cancelled` : ''];
    return `${head}: finished, ${done} done${others.join('')}`;
  }
  if (batch.trial) return `${head}: ${trialPhrase(batch.trial)}`;
  const phrases = batch.stages.map(({ name, counts }) => stagePhrase(name, counts)).filter((phrase) => phrase !== null);
  return phrases.length === 0 ? `${head}: waiting to start` : `${head}: ${phrases.join(', ')}`;
}
