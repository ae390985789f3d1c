import type { StageProgress } from '#libs/contracts';
import { SignIcon } from '../shell/sign-icon.js';
import { cellName, percentLabel, type Sign } from '../display/stage-labels.js';
import classes from './file-table.module.css';

interface StageCellProps {
  readonly guid: string;
  readonly stage: string;
  readonly sign: Sign;
  readonly progress: StageProgress | null;
}

/** One stage of one file: a sign, a colour and a label. */
export function StageCell({ guid, stage, sign, progress }: StageCellProps) {
  const name = cellName(guid, stage, sign, progress);
  return (
    <td>
      <span className={classes.cell} data-sign={sign} role="img" aria-label={name} title={name}>
        <SignIcon sign={sign} />
        {progress !== null && <span className={classes.percent}>{percentLabel(progress, '~')}</span>}
      </span>
    </td>
  );
}
