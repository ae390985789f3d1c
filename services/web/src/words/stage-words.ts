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
  type StageRunView,
  type StageState,
} from '#libs/contracts';

/** What has a sign and a colour of its own: a state, or the mark of a stage that is done but deserves a look. */
export type Sign = StageState | StageMark;

/** The sign of a stage: marks are only on stages that are done. */
export const signOf = (state: StageState, mark?: StageMark | null): Sign => mark ?? state;

/** All signs of stages, marks beside `done`. */
export const SIGNS: readonly Sign[] = STAGE_STATES.flatMap((state) =>
  state === 'done' ? [state, ...STAGE_MARKS] : [state],
);

/** How a mark reads behind the word "done". */
const MARK_WORDS: Readonly<Record<StageMark, string>> = {
  warnings: 'with warnings',
  empty: 'nothing found',
  partial: 'covers only a part',
};

const isMark = (sign: string): sign is StageMark => (STAGE_MARKS as readonly string[]).includes(sign);

/** How a sign reads to a person: "running", "done, nothing found". */
export const signWords = (sign: Sign | BatchState): string => (isMark(sign) ? `done, ${MARK_WORDS[sign]}` : sign);

/** Sign and words of a batch; one that is finished says whether all of it went well. */
export const batchSign = ({
  state,
  runs,
}: Pick<BatchSummary, 'state' | 'runs'>): { sign: Sign | BatchState; words: string } =>
  state === 'finished' && runs.failed > 0
    ? { sign: 'failed', words: 'finished with failures' }
    : { sign: state, words: signWords(state) };

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

/**
 * The sentence of a stage when it says more than what stands beside it: counts and warnings of a success have places
 * of their own, and are not told twice.
 */
export function tellingSentence({
  outcome,
  sentence,
  warnings,
}: Pick<StageRunView, 'outcome' | 'sentence' | 'warnings'>): string | null {
  const isTold = outcome !== null && isSuccess(outcome) && (outcome !== 'empty' || warnings.length > 0);
  return isTold ? null : sentence;
}

/** Name of a cell for those who do not see it: "cpb-aacip-507-zw18k75z4h, shots, running, 40 %". */
export const cellName = (guid: string, stage: string, sign: Sign, percent: number | null): string =>
  [guid, stage, signWords(sign), ...(percent === null ? [] : [`${Math.floor(percent)} %`])].join(', ');

/** A part of a bar: a sign and its share of all files. */
export interface BarPart {
  readonly sign: Sign;
  readonly count: number;
  readonly percent: number;
}

/** Order of the parts of a bar: what is settled first. */
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

/** How the files of one stage are spread over its signs, without empty parts; a marked file is not `done` as well. */
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

/** A bar in words: "shots: 2 done (1 nothing found), 1 running". */
export function barName(stage: string, counts: StageCounts, marks: MarkCounts): string {
  const marked = STAGE_MARKS.filter((mark) => marks[mark] > 0).map((mark) => `${marks[mark]} ${MARK_WORDS[mark]}`);
  const done = marked.length === 0 ? 'done' : `done (${marked.join(', ')})`;
  const states = BAR_ORDER.filter((sign): sign is StageState => !isMark(sign) && counts[sign] > 0);
  const parts = states.map((state) => `${counts[state]} ${state === 'done' ? done : state}`);
  return `${stage}: ${parts.join(', ') || 'no files'}`;
}
