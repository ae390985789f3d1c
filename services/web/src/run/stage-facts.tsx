import type { ReactNode } from 'react';
import type { StageRunView } from '#libs/contracts';
import { useNow } from '../shell/use-now.js';
import { elapsed, formatClock, formatDuration, formatMoment } from '../display/format.js';
import classes from './run-page.module.css';

const SECOND = 1000;

/** Known times, calls and coverage of a stage. */
export function StageFacts({ stage }: { stage: StageRunView }) {
  const { state, queuedAt, startedAt, settledAt, seconds, runningSeconds, coverage } = stage;
  const { calls, generation, worker, httpStatus } = stage;
  const isRunning = state === 'running';
  const now = useNow(isRunning);
  const runningFor = isRunning ? elapsed(startedAt, null, now) : null;
  const facts: [string, ReactNode][] = [
    ['Queued', queuedAt && <Clock time={queuedAt} />],
    ['Started', startedAt && <Clock time={startedAt} />],
    ['Finished', settledAt && <Clock time={settledAt} />],
    ['Running for', runningFor === null ? null : formatDuration(runningFor)],
    ['Duration', seconds === null ? null : formatDuration(seconds * SECOND)],
    ['App running time', runningSeconds === null ? null : formatDuration(runningSeconds * SECOND)],
    ['Coverage', coverage && `${formatDuration(coverage.covered)} of ${formatDuration(coverage.of)}`],
    ['App calls', calls > 0 ? calls : null],
    ['Attempt', generation > 1 ? generation : null],
    ['HTTP status', state === 'failed' || state === 'retrying' ? httpStatus : null],
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

const Clock = ({ time }: { time: string }) => (
  <time dateTime={time} title={formatMoment(time)}>
    {formatClock(time)}
  </time>
);
