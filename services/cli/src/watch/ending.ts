import type { BatchSummary } from '#libs/contracts';
import { EXIT, type ExitCode } from '../exit-codes.js';

/** How watching a batch ends; null while there is something to wait for. A trial ends it as well. */
export function endingOf({ state, runs, trial }: Pick<BatchSummary, 'state' | 'runs' | 'trial'>): ExitCode | null {
  if (state === 'finished') return runs.failed + runs.cancelled === 0 ? EXIT.done : EXIT.failures;
  if (!trial?.ended) return null;
  return trial.done === trial.files ? EXIT.done : EXIT.failures;
}
