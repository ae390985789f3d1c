import { countOf } from '#libs/contracts';
import type { BatchAudit, Miscount, OddRun } from '#libs/database';
import { are } from './words.js';

/** A sentence for each thing of a batch that differs from what its runs say. */
export function auditSentences({ batch, state, open, isStateWrong, miscounts, oddRuns }: BatchAudit): string[] {
  return [
    ...(isStateWrong
      ? [`Batch ${batch} is ${state}, and ${countOf(open, 'run')} ${are(open)} waiting or under way.`]
      : []),
    ...miscounts.map((miscount) => `Batch ${batch}: ${miscountSentence(miscount)}`),
    ...oddRuns.map((run) => `Batch ${batch}: ${oddRunSentence(run)}`),
  ];
}

function miscountSentence({ counted, index, name, kept, found }: Miscount): string {
  const there = `and there ${are(found)} ${found}.`;
  switch (counted) {
    case 'runs':
      return `${countOf(kept, 'run')} ${are(kept)} counted as ${name}, ${there}`;
    case 'stages':
      return `${countOf(kept, 'file')} ${are(kept)} counted as ${name} at stage ${index}, ${there}`;
    case 'marks':
      return `${countOf(kept, 'file')} ${are(kept)} counted with the mark ${name} at stage ${index}, ${there}`;
    case 'failures':
      return `${countOf(kept, 'failure')} ${are(kept)} counted in the group "${name}" of stage ${index}, ${there}`;
  }
}

/** A recount does not mend these: what is lost has to be run again. */
function oddRunSentence({ run, guid, state, nextIndex, stages, undone, stage }: OddRun): string {
  const name = `run ${run} (${guid}) is ${state}`;
  if (undone !== null) return `${name} at stage ${nextIndex} of ${stages}, and its stage ${undone} is not done.`;
  if (stage === null) return `${name}, and all of its ${countOf(stages, 'stage')} are done.`;
  return `${name}, and its stage ${nextIndex} is ${stage}.`;
}
