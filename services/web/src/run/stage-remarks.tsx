import type { ReactNode } from 'react';
import { countOf, type StageRunView } from '#libs/contracts';
import { formatClock, formatDuration } from '../display/format.js';
import { type Sign, signOf, visibleSentence } from '../display/stage-labels.js';
import { SignIcon } from '../shell/sign-icon.js';
import pageClasses from './run-page.module.css';
import classes from './stage-remarks.module.css';

/** Remarks about a stage: why it failed and what to do, or why its result needs a check. */
export function StageRemarks({ stage }: { stage: StageRunView }) {
  const { state, mark, coverage, warnings, notices, trace } = stage;
  const sentence = visibleSentence(stage);
  return (
    <>
      {sentence && (
        <Remark sign={signOf(state, mark)}>
          {sentence}
          <NextAction stage={stage} />
        </Remark>
      )}
      {coverage?.gap && (
        <Remark sign="partial">
          The result {coverage.gap}: there are no annotations after {formatDuration(coverage.covered)}.
        </Remark>
      )}
      {warnings.length > 0 && (
        <Remark sign="warnings">
          <ul aria-label="Warnings">
            {warnings.map((warning, index) => (
              <li key={index}>{warning}</li>
            ))}
          </ul>
        </Remark>
      )}
      {trace && (
        <details className={pageClasses.folded}>
          <summary>Stack trace of the app</summary>
          <pre tabIndex={0}>{trace}</pre>
        </details>
      )}
      {notices.length > 0 && (
        <details className={pageClasses.folded}>
          <summary>{countOf(notices.length, 'notice')} from the CLAMS SDK</summary>
          <ul>
            {notices.map((notice, index) => (
              <li key={index}>{notice}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** A text with the sign and colour of what it is about. */
function Remark({ sign, children }: { sign: Sign; children: ReactNode }) {
  return (
    <div className={classes.remark} data-sign={sign}>
      <SignIcon sign={sign} />
      <div className={classes.text}>{children}</div>
    </div>
  );
}

function NextAction({ stage: { state, nextAction, retryAt } }: { stage: StageRunView }) {
  if (state === 'retrying')
    return <div>The stage will be retried {retryAt ? `at ${formatClock(retryAt)}` : 'automatically'}.</div>;
  return (
    nextAction && (
      <div>
        <strong>What to do:</strong> {nextAction}
      </div>
    )
  );
}
