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
  /** A stage failed and is not retried automatically. */
  'failed',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States of a stage run; the position is the cell's number on the wire, so the order never changes. */
export const STAGE_STATES = [
  'waiting',
  /** Its message is published and no worker has started it. */
  'queued',
  'running',
  'done',
  'failed',
  /** Its result was reused from an earlier run. */
  'skipped',
  'cancelled',
  /** Failed, and the scheduler retries it later. */
  'retrying',
] as const;
export type StageState = (typeof STAGE_STATES)[number];

/** What changes the state of a run and of its stage runs. */
export const TRANSITION_CAUSES = [
  /** The scheduler decides which stages reuse the results of an earlier run. */
  'reuse',
  /** The scheduler publishes the run's next stage as a new generation. */
  'admit',
  /** A stage event of the lineage that is recorded; a failure that is retried counts as the event `retrying`. */
  'event',
  /**
   * A stage event of a newer lineage than the recorded one. It overrides every state, because its message is in the
   * stream. This is the usual case after an admission, which does not know the root of the message that it published
   * (0 until the first event). Otherwise the scheduler was killed between the publication and its commit, an
   * administrator published a message again, or a worker still ran a stage that the sweep found lost.
   */
  'newer-lineage',
  /** A user cancels a batch or a run. A running stage is cancelled by an event of its worker or of the sweep. */
  'cancel',
  /** A user runs stages of an ended run again. */
  'replay',
  /** The sweep found that the message of a stage is lost. */
  'return-to-waiting',
] as const;
export type TransitionCause = (typeof TRANSITION_CAUSES)[number];

type Transitions<State extends string> = Readonly<
  Record<TransitionCause, Readonly<Partial<Record<State, readonly State[]>>>>
>;

const fromEach = <State extends string>(states: readonly State[], targets: readonly State[]) =>
  Object.fromEntries(states.map((state) => [state, targets])) as Record<State, readonly State[]>;

/**
 * The run states that each cause may set, by current state. A pair that is not listed is refused: the repositories of
 * libs/database check this table in code or generate SQL conditions from it.
 */
export const RUN_TRANSITIONS: Transitions<RunState> = {
  // All stages of a finished run are reused; otherwise the run waits at the first stage that it cannot reuse.
  reuse: { waiting: ['waiting', 'done'] },
  admit: { waiting: ['running'] },
  // A run that ended or waits changes only by a newer lineage.
  event: { running: RUN_STATES },
  'newer-lineage': fromEach(RUN_STATES, RUN_STATES),
  cancel: { waiting: ['cancelled'] },
  replay: fromEach(['done', 'failed', 'cancelled'], ['waiting']),
  // Also a run that was recorded as further along or as done, although the settlement of the lost stage is missing.
  'return-to-waiting': fromEach(['waiting', 'running', 'done'], ['waiting']),
};

/** States that a stage event can set. */
const EVENT_STATES: readonly StageState[] = STAGE_STATES.filter((state) => state !== 'skipped');
/**
 * States that settle a stage in its lineage. A parked stage is `waiting` and may still be settled by another delivery.
 */
const SETTLED = ['done', 'failed', 'cancelled', 'retrying'] as const;

/** The stage run states that each cause may set, by current state; a stage without a row is `waiting`. */
export const STAGE_TRANSITIONS: Transitions<StageState> = {
  reuse: { waiting: ['skipped'] },
  // Not `queued` or `running`: its message may be in a stream. A stage that was settled after it was parked runs again.
  admit: fromEach(['waiting', ...SETTLED], ['queued']),
  // A settlement is final in its lineage.
  event: {
    queued: ['running', 'waiting', ...SETTLED],
    // Another delivery started it, parked it or settled it.
    running: ['running', 'waiting', ...SETTLED],
    waiting: ['waiting', ...SETTLED],
  },
  'newer-lineage': fromEach(STAGE_STATES, EVENT_STATES),
  cancel: fromEach(['waiting', ...SETTLED], ['cancelled']),
  replay: fromEach(STAGE_STATES, ['waiting']),
  // A settled stage is not lost.
  'return-to-waiting': fromEach(['waiting', 'queued', 'running'], ['waiting']),
};

/** Whether a cause may change a run from one state to another. */
export const canChangeRun = (cause: TransitionCause, from: RunState, to: RunState): boolean =>
  RUN_TRANSITIONS[cause][from]?.includes(to) ?? false;

/** Whether a cause may change a stage run from one state to another. */
export const canChangeStage = (cause: TransitionCause, from: StageState, to: StageState): boolean =>
  STAGE_TRANSITIONS[cause][from]?.includes(to) ?? false;
