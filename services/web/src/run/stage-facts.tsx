import type { StageRunView } from '#libs/contracts';
import { formatClock } from '../words/clock.js';
import { formatDuration } from '../words/duration.js';
import classes from './run-page.module.css';

const SECOND = 1000;

/** Times and calls of a stage, those that are known. */
export function StageFacts({ stage }: { stage: StageRunView }) {
  const { queuedAt, startedAt, settledAt, seconds, calls, worker, generation } = stage;
  const facts: [string, string | null][] = [
    ['Queued', queuedAt && formatClock(queuedAt)],
    ['Started', startedAt && formatClock(startedAt)],
    ['Settled', settledAt && formatClock(settledAt)],
    ['Took', seconds === null ? null : formatDuration(seconds * SECOND)],
    ['Calls of the app', calls > 0 ? String(calls) : null],
    ['Try', generation > 1 ? String(generation) : null],
    ['Worker', worker],
  ];
  const known = facts.filter(([, value]) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {known.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
