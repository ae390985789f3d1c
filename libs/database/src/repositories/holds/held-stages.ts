/**
 * Condition: the batch of a run is not held at the run's next stage, or the run is the probe. `run` is the alias of a
 * row of runs.
 */
export const mayPassHold = (run: string): string => `not exists (
    select 1 from batch_holds h
    where h.batch_id = ${run}.batch_id and h.stage = ${run}.next_index and h.probe_run is distinct from ${run}.id
  )`;

/** Statement for the holds of a batch as JSON (null: none), with times in ISO 8601. */
export const heldStages = (batch: string): string => `(
    select json_agg(json_build_object('stage', h.stage, 'by', h.held_by, 'reason', h.reason, 'since', ${iso('h.since')},
      'probeAt', ${iso('h.probe_at')}, 'probe', h.probe_run) order by h.stage)
    from batch_holds h where h.batch_id = ${batch}
  )`;

const iso = (time: string): string => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
