import { SignIcon } from '../shell/sign-icon.js';
import { SIGNS, signWords } from '../words/stage-words.js';
import classes from './legend.module.css';

/** What the signs of the cells mean; hidden from screen readers, which hear the words at each cell. */
export function Legend() {
  return (
    <ul className={classes.legend} aria-hidden>
      {SIGNS.map((sign) => (
        <li key={sign}>
          <span className={classes.sign} data-sign={sign}>
            <SignIcon sign={sign} />
          </span>
          {signWords(sign)}
        </li>
      ))}
    </ul>
  );
}
