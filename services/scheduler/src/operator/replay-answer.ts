import type { CommandAnswer } from '#libs/contracts';
import type { LeftOut, Replay, ReplayRun } from '#libs/database';
import { are, count, named } from './words.js';

/** An answer names so many runs. */
export const MAX_ITEMS = 20;
const NAMED_RUNS = 3;

type Refused = Replay['leftOut'][number];

/** Why one run does not run again, and what to do. */
export function leftOutSentence({ run, state, why, index, stages, guid }: Refused): string {
  switch (why) {
    case 'open':
      return `Run ${run} (${guid}) is ${state}: wait until it has ended, or cancel its batch.`;
    case 'no-stage':
      return `The pipeline of run ${run} (${guid}) has ${count(stages, 'stage')}, from 0 to ${stages - 1}: there is no stage ${index}.`;
    case 'no-input':
      return `The output of stage ${index - 1} of run ${run} (${guid}) is not stored: run it again from an earlier stage.`;
    case 'elsewhere':
      return `Run ${run} (${guid}) is ${state}, and has not failed at stage ${index} any more: nothing is left to do there.`;
  }
}

const GROUPS: Readonly<Record<LeftOut, readonly [one: string, many: string]>> = {
  open: ['that waits or is under way', 'that wait or are under way'],
  'no-stage': ['without such a stage', 'without such a stage'],
  'no-input': ['without the stored output of the stage before', 'without the stored output of the stage before'],
  elsewhere: ['that has gone on since', 'that have gone on since'],
};

/** What became of a replay, or would become. */
export function replayAnswer({ again, leftOut, pausedBatches }: Replay, dryRun: boolean): CommandAnswer {
  const runs = count(again.length, 'run');
  const doing = dryRun ? 'would run again' : again.length === 1 ? 'runs again' : 'run again';
  const sentences = [
    again.length === 0 ? 'No run has failed there: nothing is run again.' : `${runs} ${doing}.`,
    ...groupSentences(leftOut),
    ...pausedBatches.map((batch) => `Batch ${batch} is paused: resume it, so that they go on.`),
  ];
  return {
    ok: true,
    dryRun,
    count: again.length,
    sentence: sentences.join(' '),
    items: again.slice(0, MAX_ITEMS).map(itemOf),
  };
}

const itemOf = ({ run, guid, index, app }: ReplayRun) => `${guid}: stage ${index} (${app}), run ${run}`;

function groupSentences(leftOut: readonly Refused[]): string[] {
  return (Object.keys(GROUPS) as LeftOut[]).flatMap((why) => {
    const guids = leftOut.filter((run) => run.why === why).map(({ guid }) => guid);
    if (guids.length === 0) return [];
    const which = GROUPS[why][guids.length === 1 ? 0 : 1];
    return `${count(guids.length, 'run')} ${which} ${are(guids.length)} left out: ${named(guids, NAMED_RUNS)}.`;
  });
}
