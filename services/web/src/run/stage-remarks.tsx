import { countOf, type StageRunView } from '#libs/contracts';
import { formatClock } from '../words/clock.js';
import { formatDuration } from '../words/duration.js';
import { signOf, tellingSentence } from '../words/stage-words.js';
import { Remark } from './remark.js';
import classes from './run-page.module.css';

/** What a person should read about a stage: why it failed and what to do, or what to look at although it is done. */
export function StageRemarks({ stage }: { stage: StageRunView }) {
  const { state, mark, coverage, warnings, notices, trace } = stage;
  const sentence = tellingSentence(stage);
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
          The result {coverage.gap}: nothing is annotated after {formatDuration(coverage.covered)}.
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
        <details className={classes.folded}>
          <summary>Trace of the app</summary>
          <pre tabIndex={0}>{trace}</pre>
        </details>
      )}
      {notices.length > 0 && (
        <details className={classes.folded}>
          <summary>{countOf(notices.length, 'notice')} of the SDK about itself</summary>
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

function NextAction({ stage: { state, nextAction, retryAt } }: { stage: StageRunView }) {
  if (state === 'retrying')
    return <div>It will be tried again {retryAt ? `at ${formatClock(retryAt)}` : 'by itself'}.</div>;
  return (
    nextAction && (
      <div>
        <strong>What to do:</strong> {nextAction}
      </div>
    )
  );
}
