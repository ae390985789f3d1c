import { type CommandAnswer, countOf, firstOf, type ReplayedRuns } from '#libs/contracts';
import type { LeftOut, Replay, ReplayRun } from '#libs/database';
import { are } from './phrases.js';

/** Maximum number of runs that an answer names. */
export const MAX_ITEMS = 20;
const NAMED_RUNS = 3;

type Refused = Replay['leftOut'][number];
type From = NonNullable<CommandAnswer['from']>;

/** Why a single run cannot be replayed, and what to do. */
export function leftOutSentence({ run, state, why, index, stages, guid }: Refused): string {
  switch (why) {
    case 'open':
      return `Run ${run} (${guid}) is ${state}: wait until it ends, or cancel it.`;
    case 'no-stage':
      return `The pipeline of run ${run} (${guid}) has ${countOf(stages, 'stage')}, numbered from 0: stage ${index} does not exist.`;
    case 'no-input':
      return `The output of stage ${index - 1} of run ${run} (${guid}) is not stored: replay the run from an earlier stage.`;
    case 'elsewhere':
      return `Run ${run} (${guid}) has continued since it failed at stage ${index} and is now ${state}, so there is nothing to replay there.`;
  }
}

const GROUPS: Readonly<Record<LeftOut, readonly [one: string, many: string]>> = {
  open: ['that is waiting or in progress', 'that are waiting or in progress'],
  'no-stage': ['without this stage', 'without this stage'],
  'no-input': ['without the stored output of the previous stage', 'without the stored output of the previous stage'],
  elsewhere: ['that has continued since', 'that have continued since'],
};

/** The answer to a replay of runs that had failed or were cancelled. */
export function replayAnswer(
  { again, leftOut, pausedBatches }: Replay,
  { dryRun, runs = 'failed' }: { readonly dryRun: boolean; readonly runs?: ReplayedRuns },
): CommandAnswer {
  const from = beginnings(again);
  const left = groups(leftOut);
  const nothing = runs === 'failed' ? 'No matching run has failed' : 'No matching run is cancelled';
  const sentences = [
    again.length === 0 ? `${nothing}, so nothing is replayed.` : againSentence(again.length, from, dryRun),
    ...left.map(({ sentence }) => sentence),
    ...pausedBatches.map((batch) => `Batch ${batch} is paused: resume it to let its runs continue.`),
  ];
  return {
    ok: true,
    dryRun,
    count: again.length,
    sentence: sentences.join(' '),
    items: again.slice(0, MAX_ITEMS).map(itemOf),
    from,
    leftOut: left,
  };
}

const itemOf = ({ run, guid, index, app }: ReplayRun) => `${guid}: stage ${index} (${app}), run ${run}`;

/** The stages from which runs start again, and the number of runs for each. */
function beginnings(again: readonly ReplayRun[]): From {
  const from = new Map<string, From[number]>();
  for (const { index, app } of again) {
    const key = `${index}/${app}`;
    from.set(key, { stage: index, app: app ?? '', count: (from.get(key)?.count ?? 0) + 1 });
  }
  return [...from.values()].sort((a, b) => a.stage - b.stage);
}

function againSentence(runs: number, from: From, dryRun: boolean): string {
  const verb = dryRun ? 'would run again' : 'will run again';
  const stage = ({ stage: index, app }: From[number]) => `from stage ${index} (${app})`;
  const where =
    from.length === 1 ? ` ${stage(from[0]!)}` : `: ${from.map((each) => `${each.count} ${stage(each)}`).join(', ')}`;
  const kept = from.some(({ stage: index }) => index > 0) ? ' The results of earlier stages are kept.' : '';
  return `${countOf(runs, 'run')} ${verb}${where}.${kept}`;
}

function groups(leftOut: readonly Refused[]): { count: number; sentence: string }[] {
  return (Object.keys(GROUPS) as LeftOut[]).flatMap((why) => {
    const guids = leftOut.filter((run) => run.why === why).map(({ guid }) => guid);
    if (guids.length === 0) return [];
    const which = GROUPS[why][guids.length === 1 ? 0 : 1];
    const sentence = `${countOf(guids.length, 'run')} ${which} ${are(guids.length)} left out: ${firstOf(guids, NAMED_RUNS)}.`;
    return [{ count: guids.length, sentence }];
  });
}
