import {
  canChangeRun,
  canChangeStage,
  RUN_STATES,
  type RunState,
  STAGE_STATES,
  type StageState,
  type TransitionCause,
} from '#libs/contracts';

/** SQL list of the run states that a cause may change to `to`: `('waiting', 'done')`. */
export const runStatesBefore = (cause: TransitionCause, to: RunState): string =>
  list(RUN_STATES.filter((from) => canChangeRun(cause, from, to)));

/** SQL list of the stage run states that a cause may change to `to`. */
export const stageStatesBefore = (cause: TransitionCause, to: StageState): string =>
  list(STAGE_STATES.filter((from) => canChangeStage(cause, from, to)));

/** SQL condition that a cause may change a stage run between the states that two expressions return. */
export const stageMayChange = (cause: TransitionCause, from: string, to: string): string => {
  const pairs = STAGE_STATES.flatMap((before) =>
    STAGE_STATES.filter((after) => canChangeStage(cause, before, after)).map((after) => `${before}>${after}`),
  );
  return `${from} || '>' || ${to} in ${list(pairs)}`;
};

/** `(null)` matches no state. */
const list = (texts: readonly string[]): string =>
  texts.length === 0 ? '(null)' : `(${texts.map((text) => `'${text}'`).join(', ')})`;
