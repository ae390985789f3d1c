import type { BatchState } from '#libs/contracts';
import { type Sign, signLabel } from '../display/stage-labels.js';
import { SignIcon } from './sign-icon.js';
import classes from './state-pill.module.css';

interface StatePillProps {
  readonly sign: Sign | BatchState;
  readonly label?: string;
}

/** A state or mark with sign, label and colour. */
export function StatePill({ sign, label = signLabel(sign) }: StatePillProps) {
  return (
    <span className={classes.pill} data-sign={sign}>
      <SignIcon sign={sign} /> {label}
    </span>
  );
}
