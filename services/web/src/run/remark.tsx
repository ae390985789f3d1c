import type { ReactNode } from 'react';
import { SignIcon } from '../shell/sign-icon.js';
import type { Sign } from '../words/stage-words.js';
import classes from './remark.module.css';

/** Something about a stage that a person should read, in the sign and colour of what it is about. */
export function Remark({ sign, children }: { sign: Sign; children: ReactNode }) {
  return (
    <div className={classes.remark} data-sign={sign}>
      <SignIcon sign={sign} />
      <div className={classes.text}>{children}</div>
    </div>
  );
}
