import type { StageState } from '#libs/contracts';
import { cellName, STAGE_SIGNS } from '../words/stage-words.js';
import classes from './file-table.module.css';

interface StageCellProps {
  readonly guid: string;
  readonly stage: string;
  readonly state: StageState;
  readonly percent: number | null;
}

/** One stage of one file: a sign, a colour, and its name in words. */
export function StageCell({ guid, stage, state, percent }: StageCellProps) {
  const name = cellName(guid, stage, state, percent);
  return (
    <td>
      <span className={classes.cell} data-state={state} role="img" aria-label={name} title={name}>
        {STAGE_SIGNS[state]}
        {percent !== null && <span className={classes.percent}>{Math.floor(percent)} %</span>}
      </span>
    </td>
  );
}
