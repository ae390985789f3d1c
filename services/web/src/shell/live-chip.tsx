import { useLiveStatus } from '../live/live-context.js';
import type { LiveStatus } from '../live/live-client.js';
import { formatClock } from '../display/format.js';
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

/** Shows whether the page is up to date. */
export function LiveChip() {
  const status = useLiveStatus();
  return (
    <span className={classes.chip} data-kind={status.kind} role="status">
      <span className={classes.dot} aria-hidden />
      {describe(status)}
    </span>
  );
}
