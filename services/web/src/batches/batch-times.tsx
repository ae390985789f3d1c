import type { BatchView } from '#libs/contracts';
import { useEffect, useState } from 'react';
import { formatMoment } from '../words/clock.js';
import { elapsed, formatDuration } from '../words/duration.js';

const SECOND = 1000;

/** When a batch was created or started, and how long it has taken. */
export function BatchTimes({ batch }: { batch: BatchView }) {
  const { createdAt, startedAt, finishedAt } = batch;
  const now = useNow(startedAt !== null && finishedAt === null);
  if (startedAt === null) return <span>Created {formatMoment(createdAt)}</span>;
  const took = formatDuration(elapsed(startedAt, finishedAt, now) ?? 0);
  return (
    <span>
      Started <time dateTime={startedAt}>{formatMoment(startedAt)}</time>,{' '}
      {finishedAt === null ? `running for ${took}` : `took ${took}`}
    </span>
  );
}

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
