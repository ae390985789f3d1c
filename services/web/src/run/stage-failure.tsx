import type { StageRunView } from '#libs/contracts';
import classes from './run-page.module.css';

/** Why a stage did not go well, what to do about it, and the app's own trace. */
export function StageFailure({ stage }: { stage: StageRunView }) {
  const { sentence, nextAction, trace, httpStatus } = stage;
  return (
    <>
      {sentence && (
        <div className={stage.state === 'failed' ? classes.failure : undefined}>
          {sentence}
          {httpStatus !== null && ` (the app answered with status ${httpStatus})`}
          {nextAction && (
            <div>
              <strong>What to do:</strong> {nextAction}
            </div>
          )}
        </div>
      )}
      {trace && (
        <details className={classes.trace}>
          <summary>Trace of the app</summary>
          <pre tabIndex={0}>{trace}</pre>
        </details>
      )}
    </>
  );
}
