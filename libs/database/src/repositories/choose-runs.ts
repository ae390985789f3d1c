import { RUN_STATES, type RunFilter, type RunState, type StageState } from '#libs/contracts';
import type { Slice } from './slice.js';

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** What the state of a stage says of its run, so that an index finds it; `index` is an SQL expression. */
const OF_RUN: Readonly<Record<StageState, (index: string) => string>> = {
  waiting: (index) => `r.next_index <= ${index} and r.state in ('waiting', 'running', 'failed', 'cancelled')`,
  queued: (index) => `r.next_index = ${index} and r.state = 'running'`,
  running: (index) => `r.next_index = ${index} and r.state = 'running'`,
  retrying: (index) => `r.next_index = ${index} and r.state = 'waiting' and r.not_before > '-infinity'`,
  failed: (index) => `r.next_index = ${index} and r.state = 'failed'`,
  cancelled: (index) => `r.next_index = ${index} and r.state = 'cancelled'`,
  done: (index) => `r.next_index > ${index}`,
  skipped: (index) => `r.next_index > ${index}`,
};

const isRunState = (state: RunState | StageState): state is RunState =>
  (RUN_STATES as readonly string[]).includes(state);

/** Text as the search index of media files has it, with what means something to LIKE taken literally. */
const searched = (query: string): string => `%${query.toLowerCase().replace(/[_/]/g, '-').replace(/[\\%]/g, '\\$&')}%`;

/**
 * The ids of the runs of a batch that fit a filter, by row; `after` is a row. What was marked or has failed is looked
 * up by stage: ids of a batch's runs ascend with their rows, so that its part of the index is read in order and only as
 * far as the page goes.
 */
export function chooseRuns(batch: number, filter: RunFilter, { after, limit }: Slice): Statement {
  const { state, stage, mark, fingerprint, query } = filter;
  const parameters: unknown[] = [];
  const given = (value: unknown, type: string) => `$${parameters.push(value)}::${type}`;
  const ofBatch = `batch_id = ${given(batch, 'int')}`;
  const behind = `row > ${given(after ?? -1, 'int')}`;
  const conditions = [`r.${ofBatch}`, `r.${behind}`];
  const joins: string[] = [];
  const byStage = mark !== undefined || fingerprint !== undefined;

  if (byStage) {
    const end = (order: string) => `(select id from runs where ${ofBatch} and ${behind} order by row ${order} limit 1)`;
    conditions.push(`s.run_id between ${end('asc')} and ${end('desc')}`);
    if (mark !== undefined) conditions.push(`s.mark = ${given(mark, 'text')}`);
    if (fingerprint !== undefined)
      conditions.push(`s.fingerprint = ${given(fingerprint, 'text')} and s.state = 'failed'`);
    if (stage !== undefined) conditions.push(`s.index = ${given(stage, 'int')}`);
  }
  if (state !== undefined && stage === undefined && isRunState(state))
    conditions.push(`r.state = ${given(state, 'text')}`);
  else if (state !== undefined) {
    const index = stage === undefined ? 'r.next_index' : given(stage, 'int');
    joins.push(`left join stage_runs at on at.run_id = r.id and at.index = ${index}`);
    conditions.push(OF_RUN[state as StageState](index), `coalesce(at.state, 'waiting') = ${given(state, 'text')}`);
    // Not looked for where the counters know of none, nor at a stage that the pipeline does not have.
    if (stage !== undefined)
      conditions.push(`exists (select 1 from batch_stage_counts c where c.${ofBatch} and c.index = ${index}
        and c.state = ${given(state, 'text')} and c.count > 0)`);
  } else if (stage !== undefined && !byStage) conditions.push(`r.next_index = ${given(stage, 'int')}`);
  if (query) {
    joins.push('join media_files m on m.id = r.media_file_id');
    conditions.push(
      `(' ' || lower(translate(m.guid || ' ' || m.title, '_/', '--'))) like ${given(searched(query), 'text')}`,
    );
  }

  const from = byStage ? 'stage_runs s join runs r on r.id = s.run_id' : 'runs r';
  const what = byStage ? 'distinct on (s.run_id) s.run_id as id' : 'r.id';
  const order = byStage ? 's.run_id' : 'r.row';
  return {
    text: `select ${what} from ${from} ${joins.join(' ')}
      where ${conditions.join(' and ')} order by ${order} limit ${given(limit, 'int')}`,
    parameters,
  };
}
