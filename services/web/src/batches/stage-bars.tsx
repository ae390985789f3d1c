import type { BatchSummary } from '#libs/contracts';
import { barName, barParts } from '../words/stage-words.js';
import classes from './stage-bars.module.css';

/** One bar per stage: how many files are done, failed, running. */
export function StageBars({ stages }: { stages: BatchSummary['stages'] }) {
  return (
    <ul className={classes.bars} aria-label="Stages">
      {stages.map(({ name, counts }, index) => (
        <li key={index} className={classes.stage}>
          <span className={classes.name} aria-hidden>
            {name}
          </span>
          <div className={classes.bar} role="img" aria-label={barName(name, counts)}>
            {barParts(counts).map(({ state, percent }) => (
              <div key={state} className={classes.part} data-state={state} style={{ width: `${percent}%` }} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
