import type { BatchSummary } from '#libs/contracts';
import { SignIcon } from '../shell/sign-icon.js';
import { barName, barParts, signLabel } from '../display/stage-labels.js';
import classes from './stage-bars.module.css';

/** One bar per stage: how many files are done, marked, failed, running. */
export function StageBars({ stages }: { stages: BatchSummary['stages'] }) {
  return (
    <ul className={classes.bars} aria-label="Stages">
      {stages.map((stage, index) => (
        <StageBar key={index} stage={stage} />
      ))}
    </ul>
  );
}

function StageBar({ stage: { name, counts, marks } }: { stage: BatchSummary['stages'][number] }) {
  const parts = barParts(counts, marks);
  return (
    <li className={classes.stage}>
      <span className={classes.name} aria-hidden>
        {name}
      </span>
      <div className={classes.bar} role="img" aria-label={barName(name, counts, marks)}>
        {parts.map(({ sign, percent }) => (
          <div key={sign} className={classes.part} data-sign={sign} style={{ width: `${percent}%` }} />
        ))}
      </div>
      <ul className={classes.counts} aria-hidden>
        {parts.map(({ sign, count }) => (
          <li key={sign} title={signLabel(sign)}>
            <SignIcon sign={sign} />
            {count}
          </li>
        ))}
      </ul>
    </li>
  );
}
