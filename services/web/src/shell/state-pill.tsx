import type { BatchState } from '#libs/contracts';
import { type Sign, signWords } from '../words/stage-words.js';
import { SignIcon } from './sign-icon.js';
import classes from './state-pill.module.css';

interface StatePillProps {
  readonly sign: Sign | BatchState;
  readonly words?: string;
}

/** A state or mark by sign, words and colour. */
export function StatePill({ sign, words = signWords(sign) }: StatePillProps) {
  return (
    <span className={classes.pill} data-sign={sign}>
      <SignIcon sign={sign} /> {words}
    </span>
  );
}
