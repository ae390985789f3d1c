import { useLiveStatus } from '../live/live-context.js';
import type { LiveStatus } from '../live/live-client.js';
import { formatClock } from '../words/clock.js';
import classes from './live-chip.module.css';

function describe(status: LiveStatus): string {
  switch (status.kind) {
    case 'live':
      return 'Live';
    case 'connecting':
      return 'Connecting';
    case 'reconnecting':
      return `Reconnecting, data as of ${formatClock(status.asOf)}`;
    case 'refused':
      return `Not live: ${status.reason}`;
  }
}

/** Tells whether what is on the page is of this moment. */
export function LiveChip() {
  const status = useLiveStatus();
  return (
    <span className={classes.chip} data-kind={status.kind} role="status">
      <span className={classes.dot} aria-hidden />
      {describe(status)}
    </span>
  );
}
