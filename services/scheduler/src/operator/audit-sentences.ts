import { countOf } from '#libs/contracts';
import type { BatchAudit, Miscount, InconsistentRun } from '#libs/database';
import { are } from './phrases.js';

/** One sentence for each value of a batch that differs from its runs. */
export function auditSentences({
  batch,
  state,
  open,
  isStateWrong,
  miscounts,
  inconsistentRuns,
}: BatchAudit): string[] {
  return [
    ...(isStateWrong
      ? [`Batch ${batch} is ${state}, but ${countOf(open, 'run')} ${are(open)} waiting or in progress.`]
      : []),
    ...miscounts.map((miscount) => `Batch ${batch}: ${miscountSentence(miscount)}`),
    ...inconsistentRuns.map((run) => `Batch ${batch}: ${inconsistentRunSentence(run)}`),
  ];
}

function miscountSentence({ counted, index, name, kept, found }: Miscount): string {
  const actual = `but there ${are(found)} ${found}.`;
  switch (counted) {
    case 'runs':
      return `${countOf(kept, 'run')} ${are(kept)} counted as ${name}, ${actual}`;
    case 'stages':
      return `${countOf(kept, 'file')} ${are(kept)} counted as ${name} at stage ${index}, ${actual}`;
    case 'marks':
      return `${countOf(kept, 'file')} ${are(kept)} counted with the mark ${name} at stage ${index}, ${actual}`;
    case 'retries':
      return `${countOf(kept, 'retry', 'retries')} ${are(kept)} counted in the group "${name}" of stage ${index}, ${actual}`;
    case 'failures':
      return `${countOf(kept, 'failure')} ${are(kept)} counted in the group "${name}" of stage ${index}, ${actual}`;
  }
}

/** A recount cannot repair these: the run has to be replayed. */
function inconsistentRunSentence({ run, guid, state, nextIndex, stages, undone, stage }: InconsistentRun): string {
  const name = `run ${run} (${guid}) is ${state}`;
  if (undone !== null) return `${name} at stage ${nextIndex} of ${stages}, but its stage ${undone} is not done.`;
  if (stage === null) return `${name}, but all of its ${countOf(stages, 'stage')} are done.`;
  return `${name}, but its stage ${nextIndex} is ${stage}.`;
}
