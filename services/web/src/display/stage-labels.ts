import {
  type BatchState,
  type BatchSummary,
  isSuccess,
  type MarkCounts,
  type Outcome,
  STAGE_MARKS,
  STAGE_STATES,
  type StageCounts,
  type StageMark,
  type StageProgress,
  type StageRunView,
  type StageState,
} from '#libs/contracts';

/** What has its own sign and colour: a state, or the mark of a done stage whose result needs a check. */
export type Sign = StageState | StageMark;

/** The sign of a stage; only done stages have marks. */
export const signOf = (state: StageState, mark?: StageMark | null): Sign => mark ?? state;

/** All signs of stages; marks follow `done`. */
export const SIGNS: readonly Sign[] = STAGE_STATES.flatMap((state) =>
  state === 'done' ? [state, ...STAGE_MARKS] : [state],
);

/** Labels of marks, to follow the word "done". */
const MARK_LABELS: Readonly<Record<StageMark, string>> = {
  warnings: 'with warnings',
  empty: 'nothing found',
  partial: 'partial coverage',
};

const isMark = (sign: string): sign is StageMark => (STAGE_MARKS as readonly string[]).includes(sign);

/** Label of a sign: "running", "done, nothing found". */
export const signLabel = (sign: Sign | BatchState): string => (isMark(sign) ? `done, ${MARK_LABELS[sign]}` : sign);

type BatchStatus = Pick<BatchSummary, 'state' | 'runs' | 'paused' | 'held' | 'blocked'>;

/**
 * Sign and label of a batch. The label of a finished batch states whether files failed; that of a running batch, why it
 * makes no progress: paused, held at a stage, or blocked.
 */
export function batchSign({ state, runs, paused, held, blocked }: BatchStatus): {
  sign: Sign | BatchState;
  label: string;
} {
  if (state === 'finished' && runs.failed > 0) return { sign: 'failed', label: 'finished with failures' };
  if (state !== 'running') return { sign: state, label: signLabel(state) };
  if (paused) return { sign: 'waiting', label: 'paused' };
  if (held) return { sign: 'retrying', label: 'held' };
  if (blocked) return { sign: 'retrying', label: 'blocked' };
  return { sign: state, label: signLabel(state) };
}

/** Labels of outcomes. */
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  'ok-with-warnings': 'ok, with warnings',
  empty: 'nothing found',
  'app-error': 'app error',
  'invalid-input': 'input rejected by the app',
  'invalid-output': 'invalid response',
  timeout: 'timed out',
  unreachable: 'app not reachable',
  'out-of-memory': 'out of memory',
  'media-missing': 'media file missing',
  'crash-loop': 'worker crashed repeatedly',
  cancelled: 'cancelled',
};

/** The sentence of a stage, or null if it only repeats the counts and warnings of a success, which the page shows. */
export function visibleSentence({
  outcome,
  sentence,
  warnings,
}: Pick<StageRunView, 'outcome' | 'sentence' | 'warnings'>): string | null {
  const isRepeated = outcome !== null && isSuccess(outcome) && (outcome !== 'empty' || warnings.length > 0);
  return isRepeated ? null : sentence;
}

/** "40 %", or "about 40 %" for an estimate. */
export const percentLabel = ({ percent, estimated }: StageProgress, about = 'about '): string =>
  `${estimated ? about : ''}${Math.floor(percent)} %`;

/** Accessible name of a cell: "cpb-aacip-507-zw18k75z4h, shots, running, about 40 %". */
export const cellName = (guid: string, stage: string, sign: Sign, progress: StageProgress | null): string =>
  [guid, stage, signLabel(sign), ...(progress === null ? [] : [percentLabel(progress)])].join(', ');

/** A part of a bar: the number of files with a sign, and their percentage of all files. */
export interface BarPart {
  readonly sign: Sign;
  readonly count: number;
  readonly percent: number;
}

/** Order of the parts of a bar: settled states first. */
const BAR_ORDER: readonly Sign[] = [
  'done',
  ...STAGE_MARKS,
  'skipped',
  'failed',
  'cancelled',
  'retrying',
  'running',
  'queued',
  'waiting',
];

/**
 * Distribution of the files of one stage over the signs, without empty parts. A marked file does not count as `done`.
 */
export function barParts(counts: StageCounts, marks: MarkCounts): BarPart[] {
  const marked = STAGE_MARKS.reduce((sum, mark) => sum + marks[mark], 0);
  const shown: Readonly<Record<Sign, number>> = { ...counts, ...marks, done: Math.max(counts.done - marked, 0) };
  const total = BAR_ORDER.reduce((sum, sign) => sum + shown[sign], 0);
  return BAR_ORDER.filter((sign) => shown[sign] > 0).map((sign) => ({
    sign,
    count: shown[sign],
    percent: (100 * shown[sign]) / total,
  }));
}

/** Accessible name of a bar: "shots: 2 done (1 nothing found), 1 running". */
export function barName(stage: string, counts: StageCounts, marks: MarkCounts): string {
  const marked = STAGE_MARKS.filter((mark) => marks[mark] > 0).map((mark) => `${marks[mark]} ${MARK_LABELS[mark]}`);
  const done = marked.length === 0 ? 'done' : `done (${marked.join(', ')})`;
  const states = BAR_ORDER.filter((sign): sign is StageState => !isMark(sign) && counts[sign] > 0);
  const parts = states.map((state) => `${counts[state]} ${state === 'done' ? done : state}`);
  return `${stage}: ${parts.join(', ') || 'no files'}`;
}
