/** States of a batch. */
export const BATCH_STATES = ['draft', 'running', 'finished'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** States of a pipeline run. */
export const RUN_STATES = [
  /** In a batch, not yet admitted by the scheduler. */
  'waiting',
  /** Admitted: one of its stages is queued, running or about to be. */
  'running',
  /** Its last stage is done. */
  'done',
  /** A stage failed and will not be tried again by itself. */
  'failed',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States of a stage run; the position is the cell's number on the wire, so the order never changes. */
export const STAGE_STATES = [
  'waiting',
  /** Its message is published and no worker has begun. */
  'queued',
  'running',
  'done',
  'failed',
  'skipped',
  'cancelled',
  /** Failed, and the scheduler will try again later. */
  'retrying',
] as const;
export type StageState = (typeof STAGE_STATES)[number];

/** Where a run may go from each state. */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  waiting: ['running', 'cancelled'],
  running: ['done', 'failed', 'cancelled', 'waiting'],
  done: ['waiting', 'running'],
  failed: ['waiting', 'running'],
  cancelled: ['waiting', 'running'],
};

/** Where a stage run may go from each state within one lineage; a newer lineage may enter any state. */
export const STAGE_TRANSITIONS: Readonly<Record<StageState, readonly StageState[]>> = {
  waiting: ['queued', 'running', 'done', 'failed', 'skipped', 'cancelled'],
  queued: ['running', 'done', 'failed', 'cancelled'],
  running: ['done', 'failed', 'cancelled'],
  done: [],
  failed: ['retrying', 'waiting'],
  skipped: ['waiting'],
  cancelled: ['waiting'],
  retrying: ['waiting', 'queued', 'cancelled'],
};

export const canRunGo = (from: RunState, to: RunState): boolean => RUN_TRANSITIONS[from].includes(to);
export const canStageGo = (from: StageState, to: StageState): boolean => STAGE_TRANSITIONS[from].includes(to);
