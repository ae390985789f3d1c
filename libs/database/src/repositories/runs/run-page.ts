import { RUN_STATES, type RunFilter, type RunState, type StageState } from '#libs/contracts';
import { SEARCHED } from '../media-files/media-file-keys.js';
import type { PageRange } from '../search/page-range.js';
import { literal, type Scope } from '../search/text-search.js';

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Above every row number. */
const LAST_ROW = 2 ** 31 - 1;

/** The current stage of a run. */
const HERE = 'r.next_index';

/** What the state of a stage implies for its run, so that an index finds it; `index` is an SQL expression. */
interface OfRun {
  /** Possible states of the run; default: any. */
  readonly states?: readonly RunState[];
  readonly condition: (index: string) => string;
}

const standsAt = (state: RunState): OfRun => ({
  states: [state],
  condition: (index) => `r.next_index = ${index}`,
});
/** The current stage of a run is not one that it has passed. */
const passed: OfRun = { condition: (index) => (index === HERE ? 'false' : `r.next_index > ${index}`) };

const OF_RUN: Readonly<Record<StageState, OfRun>> = {
  waiting: {
    states: ['waiting', 'running', 'failed', 'cancelled'],
    condition: (index) => `r.next_index <= ${index}`,
  },
  queued: standsAt('running'),
  running: standsAt('running'),
  retrying: { states: ['waiting'], condition: (index) => `r.next_index = ${index} and r.not_before > '-infinity'` },
  failed: standsAt('failed'),
  cancelled: standsAt('cancelled'),
  done: passed,
  skipped: passed,
};

const isRunState = (state: RunState | StageState): state is RunState =>
  (RUN_STATES as readonly string[]).includes(state);

/** `like` patterns for GUID and title. */
export const runPatterns = (query = ''): string[] => (query === '' ? [] : [`%${literal(query)}%`]);

/** Adds a parameter to a statement and returns its placeholder. */
type Given = (value: unknown, type: 'int' | 'text' | 'bigint[]') => string;

/** Candidate runs of a batch, as `r`. */
interface Candidates {
  /** Condition for columns of `runs`. */
  readonly ofBatch: string;
  /** Condition for the rows after the cursor. */
  readonly behind: string;
  /** The only media files that can match. */
  readonly files: string | null;
}

/**
 * Statement for the IDs of the runs of a batch that match a filter, by row; `after` is a row. Marked and failed stages
 * are found by stage: run IDs of a batch ascend with their rows, so its part of the index is read in order and only as
 * far as the page needs.
 */
export function chooseRuns(
  batch: number,
  filter: RunFilter,
  { after, limit }: PageRange,
  { within, files }: Scope = {},
): Statement {
  const parameters: unknown[] = [];
  const given: Given = (value, type) => `$${parameters.push(value)}::${type}`;
  const first = after ?? -1;
  const last = within === undefined ? '' : ` and row <= ${given(Math.min(first + within, LAST_ROW), 'int')}`;
  const candidates: Candidates = {
    ofBatch: `batch_id = ${given(batch, 'int')}`,
    behind: `row > ${given(first, 'int')}${last}`,
    files: files ? given(files, 'bigint[]') : null,
  };
  const most = given(limit, 'int');
  const { states, joins, conditions } = ofState(filter, candidates, given);
  if (!files) joins.push(...textJoin(filter.query, given));
  const isByStage = filter.mark !== undefined || filter.fingerprint !== undefined;
  if (isByStage) conditions.push(...stageConditions(filter, given));
  const choose = isByStage ? byStage : byRow;
  const parts = { candidates, joins: joins.join(' '), conditions, most };
  const texts = (states?.map((state) => given(state, 'text')) ?? [null]).map((state) => choose(parts, state));
  const text = `select id from (${texts.map((one) => `(${one})`).join(' union all ')}) chosen order by row limit ${most}`;
  return { text: texts.length === 1 ? texts[0]! : text, parameters };
}

/** Conditions for the state and the stage of a filter. */
function ofState(
  { state, stage, mark, fingerprint }: RunFilter,
  { ofBatch }: Candidates,
  given: Given,
): { states?: readonly RunState[] | undefined; joins: string[]; conditions: string[] } {
  if (state === undefined) {
    const isWhere = stage !== undefined && mark === undefined && fingerprint === undefined;
    return { joins: [], conditions: isWhere ? [`r.next_index = ${given(stage, 'int')}`] : [] };
  }
  if (stage === undefined && isRunState(state)) return { states: [state], joins: [], conditions: [] };
  const at = stage === undefined ? HERE : given(stage, 'int');
  const { states, condition } = OF_RUN[state];
  const wanted = given(state, 'text');
  return {
    states,
    // `offset 0` prevents flattening: the stage is looked up per run, whatever the statistics say.
    joins: [
      `left join lateral (select state from stage_runs where run_id = r.id and index = ${at} offset 0) at on true`,
    ],
    conditions: [
      condition(at),
      `coalesce(at.state, 'waiting') = ${wanted}`,
      // Skips the search when the counters are 0, or when the pipeline has no such stage.
      `exists (select 1 from batch_stage_counts c where c.${ofBatch} and c.state = ${wanted} and c.count > 0
        ${stage === undefined ? '' : `and c.index = ${at}`})`,
    ],
  };
}

/** `offset 0` prevents flattening: each text is looked up by the ID of its file, whatever the statistics say. */
function textJoin(query: string | undefined, given: Given): string[] {
  const fits = runPatterns(query).map((pattern) => `${SEARCHED} like ${given(pattern, 'text')}`);
  if (fits.length === 0) return [];
  return [
    `cross join lateral (select from media_files m where m.id = r.media_file_id and ${fits.join(' and ')} offset 0) fits`,
  ];
}

function stageConditions({ mark, fingerprint, stage }: RunFilter, given: Given): string[] {
  return [
    ...(mark === undefined ? [] : [`s.mark = ${given(mark, 'text')}`]),
    ...(fingerprint === undefined ? [] : [`s.fingerprint = ${given(fingerprint, 'text')} and s.state = 'failed'`]),
    ...(stage === undefined ? [] : [`s.index = ${given(stage, 'int')}`]),
  ];
}

interface Parts {
  readonly candidates: Candidates;
  readonly joins: string;
  readonly conditions: readonly string[];
  readonly most: string;
}

/** Runs in row order, of one state, because the index is ordered within each state. */
function byRow({ candidates, joins, conditions, most }: Parts, state: string | null): string {
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const isPlain = joins === '' && where === '' && candidates.files === null;
  const from = isPlain ? `runs r where ${which(candidates, state)}` : runsIn(candidates, state);
  return `select r.id, r.row from ${from} ${joins} ${where} order by r.row limit ${most}`;
}

const which = ({ ofBatch, behind }: Candidates, state: string | null): string =>
  `${ofBatch} and ${behind}${state === null ? '' : ` and state = ${state}`}`;

function runsIn(candidates: Candidates, state: string | null): string {
  const { files } = candidates;
  // `offset 0` prevents flattening: the first part is read in order and only as far as the page needs.
  return files === null
    ? `(select * from runs where ${which(candidates, state)} order by row offset 0) r`
    : `unnest(${files}) as f(id)
       cross join lateral (select * from runs where media_file_id = f.id and ${which(candidates, state)} offset 0) r`;
}

/** Each run once, although several of its stages may match. */
function byStage({ candidates, joins, conditions, most }: Parts, state: string | null): string {
  const { ofBatch, behind, files } = candidates;
  const end = (order: string) => `(select id from runs where ${ofBatch} and ${behind} order by row ${order} limit 1)`;
  const from =
    files === null
      ? `(select * from stage_runs where run_id between ${end('asc')} and ${end('desc')}) s join runs r on r.id = s.run_id`
      : `${runsIn(candidates, state)} join stage_runs s on s.run_id = r.id`;
  const ofRun = [`r.${ofBatch}`, `r.${behind}`, ...(state === null ? [] : [`r.state = ${state}`])];
  return `select distinct on (s.run_id) r.id, r.row from ${from} ${joins}
    where ${[...ofRun, ...conditions].join(' and ')} order by s.run_id limit ${most}`;
}
