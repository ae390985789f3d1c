/** Columns that stage_runs and past_stage_runs share. */
export const PAST_COLUMNS =
  'run_id, index, generation, root, state, outcome, sentence, fingerprint, trace, http_status, calls, worker, ' +
  'queued_at, started_at, settled_at, annotations, warnings, notices, mark, running_seconds, coverage, raw_replay, document';

/**
 * Statement that stores settled attempts before a newer attempt replaces them. `source` returns rows of stage_runs as
 * `old`. Attempts that were only queued or running are not stored.
 */
export const storePast = (source: string, condition = 'true'): string => `
  insert into past_stage_runs (${PAST_COLUMNS})
  select ${PAST_COLUMNS.replace(/\w+/g, 'old.$&')}
  from ${source} where old.settled_at is not null and ${condition} on conflict do nothing`;

/** Values of a stage_runs row of an attempt that has not started, by column. */
const NOT_STARTED_VALUES = Object.entries({
  root: '0',
  delivery: '0',
  rank: '0',
  calls: '0',
  outcome: 'null',
  sentence: 'null',
  fingerprint: 'null',
  trace: 'null',
  http_status: 'null',
  worker: 'null',
  started_at: 'null',
  settled_at: 'null',
  annotations: "'{}'",
  warnings: "'[]'",
  notices: "'[]'",
  mark: 'null',
  running_seconds: 'null',
  coverage: 'null',
  raw_replay: 'false',
  document: 'null',
  reused_from: 'null',
  app: 'null',
});

/**
 * Calls of attempts of a stage that the sweeper replaced: only they leave a waiting stage with calls. `stage`: name of
 * its stage_runs row.
 */
export const earlierCalls = (stage: string): string =>
  `case when ${stage}.state = 'waiting' then ${stage}.calls else 0 end`;

/** Assignments that reset a stage_runs row to an attempt that has not started, after a number of earlier calls. */
export const notStartedAfter = (calls: string): string =>
  NOT_STARTED_VALUES.map(([column, value]) => `${column} = ${column === 'calls' ? calls : value}`).join(', ');

/** The same without earlier calls. */
export const NOT_STARTED = notStartedAfter('0');

/** Assignments of the same columns to the values that were to be inserted. */
export const AS_INSERTED = NOT_STARTED_VALUES.map(([column]) => `${column} = excluded.${column}`).join(', ');
