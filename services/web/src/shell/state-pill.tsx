import type { BatchState, RunState, StageState } from '#libs/contracts';
import { STAGE_SIGNS } from '../words/stage-words.js';
import classes from './state-pill.module.css';

const SIGNS = { ...STAGE_SIGNS, draft: '✎', finished: '✓' } as const;

/** The state of a batch, a run or a stage, by sign, word and colour. */
export function StatePill({ state }: { state: BatchState | RunState | StageState }) {
  return (
    <span className={classes.pill} data-state={state}>
      <span aria-hidden>{SIGNS[state]}</span> {state}
    </span>
  );
}
