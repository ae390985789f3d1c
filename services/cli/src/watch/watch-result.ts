import type { BatchSummary } from '#libs/contracts';
import { EXIT, type ExitCode } from '../exit-codes.js';

/** Exit code of watching a batch that has finished or whose trial has finished; null while work is left. */
export function watchResult({ state, runs, trial }: Pick<BatchSummary, 'state' | 'runs' | 'trial'>): ExitCode | null {
  if (state === 'finished') return runs.failed + runs.cancelled === 0 ? EXIT.done : EXIT.failures;
  if (!trial?.ended) return null;
  return trial.done === trial.files ? EXIT.done : EXIT.failures;
}
