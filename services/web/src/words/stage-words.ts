import type { Outcome, StageCounts, StageState } from '#libs/contracts';

/** The sign of each stage state; states are never told by colour alone. */
export const STAGE_SIGNS: Readonly<Record<StageState, string>> = {
  waiting: '·',
  queued: '○',
  running: '◔',
  done: '✓',
  failed: '✕',
  skipped: '–',
  cancelled: '⊘',
  retrying: '↻',
};

/** How an outcome reads to a person. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  'ok-with-warnings': 'ok, with warnings',
  empty: 'nothing found',
  'app-error': 'error in the app',
  'invalid-input': 'input refused by the app',
  'invalid-output': 'answer is not valid',
  timeout: 'took too long',
  unreachable: 'app not reachable',
  'out-of-memory': 'out of memory',
  'media-missing': 'media file missing',
  'crash-loop': 'worker crashed repeatedly',
  cancelled: 'cancelled',
};

/** Name of a cell for those who do not see it: "cpb-aacip-507-zw18k75z4h, shots, running, 40 %". */
export const cellName = (guid: string, stage: string, state: StageState, percent: number | null): string =>
  [guid, stage, state, ...(percent === null ? [] : [`${Math.floor(percent)} %`])].join(', ');

/** A part of a bar: a state and its share of all files. */
export interface BarPart {
  readonly state: StageState;
  readonly count: number;
  readonly percent: number;
}

/** Order of the parts of a bar: what is settled first. */
const BAR_ORDER: readonly StageState[] = [
  'done',
  'skipped',
  'failed',
  'cancelled',
  'retrying',
  'running',
  'queued',
  'waiting',
];

/** How the files of one stage are spread over its states, without empty parts. */
export function barParts(counts: StageCounts): BarPart[] {
  const total = BAR_ORDER.reduce((sum, state) => sum + counts[state], 0);
  return BAR_ORDER.filter((state) => counts[state] > 0).map((state) => ({
    state,
    count: counts[state],
    percent: (100 * counts[state]) / total,
  }));
}

/** A bar in words: "shots: 2 done, 1 running". */
export const barName = (stage: string, counts: StageCounts): string => {
  const parts = barParts(counts).map(({ state, count }) => `${count} ${state}`);
  return `${stage}: ${parts.join(', ') || 'no files'}`;
};
