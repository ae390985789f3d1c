import type { HeldStage } from '#libs/contracts';
import { formatClock } from './format.js';

/** When a held batch tries to continue without a decision, as a sentence. */
export function nextProbe({ probe, probeAt }: Pick<HeldStage, 'probe' | 'probeAt'>): string {
  if (probe !== null) return 'One file is being processed as a probe: if it succeeds, the batch continues.';
  if (probeAt !== null)
    return `The next file passes as a probe at ${formatClock(probeAt)}; if it succeeds, the batch continues.`;
  return 'It does not continue without a decision.';
}
