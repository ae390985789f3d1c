import type { BatchView } from '#libs/contracts';
import { EXIT, type ExitCode } from '../exit-codes.js';

/** How watching a batch ends: null while there is something to wait for. */
export function endingOf({ summary }: BatchView): ExitCode | null {
  if (summary.state !== 'finished') return null;
  return summary.runs.failed + summary.runs.cancelled === 0 ? EXIT.done : EXIT.failures;
}
