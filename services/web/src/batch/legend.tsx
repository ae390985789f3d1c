import { SignIcon } from '../shell/sign-icon.js';
import { SIGNS, signLabel } from '../display/stage-labels.js';
import classes from './legend.module.css';

/** The meaning of the signs. Hidden from screen readers, because each cell has a label. */
export function Legend() {
  return (
    <ul className={classes.legend} aria-hidden>
      {SIGNS.map((sign) => (
        <li key={sign}>
          <span className={classes.sign} data-sign={sign}>
            <SignIcon sign={sign} />
          </span>
          {signLabel(sign)}
        </li>
      ))}
    </ul>
  );
}
