/** Columns of stage_runs that past_stage_runs has too. */
export const KEPT_COLUMNS =
  'run_id, index, generation, root, state, outcome, sentence, fingerprint, trace, http_status, calls, worker, ' +
  'queued_at, started_at, settled_at, annotations, warnings, notices, mark, running_seconds, coverage, document';

/**
 * Statement that keeps settled tries which a newer try replaces, so that each stays readable. `source` gives rows of
 * stage_runs under the name `old`; a try that only was queued or running leaves nothing to read.
 */
export const keepPast = (source: string, condition = 'true'): string => `
  insert into past_stage_runs (${KEPT_COLUMNS})
  select ${KEPT_COLUMNS.replace(/\w+/g, 'old.$&')}
  from ${source} where old.settled_at is not null and ${condition} on conflict do nothing`;

/** What stands in a row of stage_runs of a try that has not begun, by column. */
const BLANK = Object.entries({
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
  document: 'null',
  reused_from: 'null',
  app: 'null',
});

/** Assignments that make a row of stage_runs one of a try that has not begun. */
export const NOT_BEGUN = BLANK.map(([column, value]) => `${column} = ${value}`).join(', ');

/** Assignments to the same columns that make a row what was to be inserted. */
export const AS_INSERTED = BLANK.map(([column]) => `${column} = excluded.${column}`).join(', ');
