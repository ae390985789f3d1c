import type { BatchView } from '#libs/contracts';
import { useNow } from '../shell/use-now.js';
import { formatMoment } from '../words/clock.js';
import { elapsed, formatDuration } from '../words/duration.js';

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
