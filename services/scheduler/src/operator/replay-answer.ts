import { type CommandAnswer, countOf, firstOf, type ReplayedRuns } from '#libs/contracts';
import type { LeftOut, Replay, ReplayRun } from '#libs/database';
import { are } from './words.js';

/** An answer names so many runs. */
export const MAX_ITEMS = 20;
const NAMED_RUNS = 3;

type Refused = Replay['leftOut'][number];
type From = NonNullable<CommandAnswer['from']>;

/** Why one run does not run again, and what to do. */
export function leftOutSentence({ run, state, why, index, stages, guid }: Refused): string {
  switch (why) {
    case 'open':
      return `Run ${run} (${guid}) is ${state}: wait until it has ended, or cancel it.`;
    case 'no-stage':
      return `The pipeline of run ${run} (${guid}) has ${countOf(stages, 'stage')}, from 0 to ${stages - 1}: there is no stage ${index}.`;
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

/** What became of a replay of runs that had ended so, or would become. */
export function replayAnswer(
  { again, leftOut, pausedBatches }: Replay,
  { dryRun, runs = 'failed' }: { readonly dryRun: boolean; readonly runs?: ReplayedRuns },
): CommandAnswer {
  const from = beginnings(again);
  const left = groups(leftOut);
  const nothing = runs === 'failed' ? 'No run has failed there' : 'No run is cancelled there';
  const sentences = [
    again.length === 0 ? `${nothing}: nothing is run again.` : againSentence(again.length, from, dryRun),
    ...left.map(({ sentence }) => sentence),
    ...pausedBatches.map((batch) => `Batch ${batch} is paused: resume it, so that they go on.`),
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

/** From which stages runs go again, and how many from each. */
function beginnings(again: readonly ReplayRun[]): From {
  const from = new Map<string, From[number]>();
  for (const { index, app } of again) {
    const key = `${index}/${app}`;
    from.set(key, { stage: index, app: app ?? '', count: (from.get(key)?.count ?? 0) + 1 });
  }
  return [...from.values()].sort((a, b) => a.stage - b.stage);
}

function againSentence(runs: number, from: From, dryRun: boolean): string {
  const doing = dryRun ? 'would run again' : runs === 1 ? 'runs again' : 'run again';
  const stage = ({ stage: index, app }: From[number]) => `from stage ${index} (${app})`;
  const where =
    from.length === 1 ? ` ${stage(from[0]!)}` : `: ${from.map((each) => `${each.count} ${stage(each)}`).join(', ')}`;
  const kept = from.some(({ stage: index }) => index > 0) ? ' What the stages before have made is kept.' : '';
  return `${countOf(runs, 'run')} ${doing}${where}.${kept}`;
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
