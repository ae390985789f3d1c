import type { BatchSummary } from '#libs/contracts';

/**
 * The announcement of a batch's progress: its summary sentence, and how many files finished since the last
 * announcement. Null if the sentence did not change, and for the first summary, because it is already on the page.
 */
export function announcement(last: BatchSummary | null, now: BatchSummary): string | null {
  if (last === null || last.sentence === now.sentence) return null;
  const finished = (['done', 'failed'] as const)
    .map((state) => ({ state, more: now.runs[state] - last.runs[state] }))
    .filter(({ more }) => more > 0)
    .map(({ state, more }) => `${more} more ${state}`);
  return finished.length === 0 ? now.sentence : `${now.sentence} (${finished.join(', ')})`;
}
