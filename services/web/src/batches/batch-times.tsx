import type { BatchView } from '#libs/contracts';
import { useNow } from '../shell/use-now.js';
import { elapsed, formatDuration, formatMoment } from '../display/format.js';

/** Creation or start time of a batch, and how long it has been running or took. */
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
