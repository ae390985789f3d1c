import type { BatchSummary } from '#libs/contracts';

/**
 * What a screen reader is told when a batch went on: the sentence of the batch, with how many files ended since the
 * last time. Null when nothing worth telling changed; the first summary is never told, it stands on the page.
 */
export function announcement(last: BatchSummary | null, now: BatchSummary): string | null {
  if (last === null || last.sentence === now.sentence) return null;
  const ended = (['done', 'failed'] as const)
    .map((state) => ({ state, more: now.runs[state] - last.runs[state] }))
    .filter(({ more }) => more > 0)
    .map(({ state, more }) => `${more} more ${state}`);
  return ended.length === 0 ? now.sentence : `${now.sentence} (${ended.join(', ')})`;
}
