import { RUN_STATES, type RunFilter, type RunState, type StageState } from '#libs/contracts';
import { SEARCHED } from '../media-files/media-file-keys.js';
import type { Slice } from '../search/page-range.js';
import { literal, type Scope } from '../search/text-search.js';

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** No batch has a row behind it. */
const LAST_ROW = 2 ** 31 - 1;

/** The stage at which a run stands. */
const HERE = 'r.next_index';

/** What the state of a stage says of its run, so that an index finds it; `index` is an SQL expression. */
interface OfRun {
  /** States of the run; default: any. */
  readonly states?: readonly RunState[];
  readonly condition: (index: string) => string;
}

const standsAt = (state: RunState): OfRun => ({
  states: [state],
  condition: (index) => `r.next_index = ${index}`,
});
/** A run does not stand at a stage that it has passed. */
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

/** What `like` has to find in GUID and title. */
export const runPatterns = (query = ''): string[] => (query === '' ? [] : [`%${literal(query)}%`]);

/** Adds a value to those of a statement, and returns what stands for it. */
type Given = (value: unknown, type: 'int' | 'text' | 'bigint[]') => string;

/** Runs of a batch that come into question, as `r`. */
interface Candidates {
  /** Condition for columns of `runs`. */
  readonly ofBatch: string;
  /** The same for the rows behind the cursor. */
  readonly behind: string;
  /** Media files that alone come into question. */
  readonly files: string | null;
}

/**
 * The ids of the runs of a batch that fit a filter, by row; `after` is a row. What was marked or has failed is looked
 * up by stage: ids of a batch's runs ascend with their rows, so that its part of the index is read in order and only as
 * far as the page goes.
 */
export function chooseRuns(
  batch: number,
  filter: RunFilter,
  { after, limit }: Slice,
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

/** What the state and the stage of a filter ask for. */
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
    // Not flattened: whatever the statistics say, it is looked up for one run after the other.
    joins: [
      `left join lateral (select state from stage_runs where run_id = r.id and index = ${at} offset 0) at on true`,
    ],
    conditions: [
      condition(at),
      `coalesce(at.state, 'waiting') = ${wanted}`,
      // Not looked for where the counters know of none, nor at a stage that the pipeline does not have.
      `exists (select 1 from batch_stage_counts c where c.${ofBatch} and c.state = ${wanted} and c.count > 0
        ${stage === undefined ? '' : `and c.index = ${at}`})`,
    ],
  };
}

/** Not flattened: whatever the statistics say, each text is looked up by the id of its file. */
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

/** Runs in their order; of one state, because the index has those of each in order, and not those of several. */
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
  // Neither is flattened, so that the first is read in order, and only as far as the page goes.
  return files === null
    ? `(select * from runs where ${which(candidates, state)} order by row offset 0) r`
    : `unnest(${files}) as f(id)
       cross join lateral (select * from runs where media_file_id = f.id and ${which(candidates, state)} offset 0) r`;
}

/** Each run once, whatever many of its stages fit. */
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
