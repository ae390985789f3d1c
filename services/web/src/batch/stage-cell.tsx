import { SignIcon } from '../shell/sign-icon.js';
import { cellName, type Sign } from '../display/stage-labels.js';
import classes from './file-table.module.css';

interface StageCellProps {
  readonly guid: string;
  readonly stage: string;
  readonly sign: Sign;
  readonly percent: number | null;
}

/** One stage of one file: a sign, a colour and a label. */
export function StageCell({ guid, stage, sign, percent }: StageCellProps) {
  const name = cellName(guid, stage, sign, percent);
  return (
    <td>
      <span className={classes.cell} data-sign={sign} role="img" aria-label={name} title={name}>
        <SignIcon sign={sign} />
        {percent !== null && <span className={classes.percent}>{Math.floor(percent)} %</span>}
      </span>
    </td>
  );
}
