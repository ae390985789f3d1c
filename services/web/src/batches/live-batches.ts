import type { InfiniteData } from '@tanstack/react-query';
import type { BatchSummary, BatchView, Page } from '#libs/contracts';

export type BatchPages = InfiniteData<Page<BatchView>>;

/** The batch with this summary, unless the batch has a newer one. */
export const withSummary = (batch: BatchView, summary: BatchSummary): BatchView =>
  summary.version >= batch.summary.version ? { ...batch, summary } : batch;

/** True if the batch has to be read again: a summary with a new state lacks the start and finish times. */
export const isNewState = (batch: BatchView, summary: BatchSummary): boolean =>
  summary.version >= batch.summary.version && summary.state !== batch.summary.state;

/** The list with this summary; null if the list has to be read again, because the batch or its state is new. */
export function updateList(pages: BatchPages, summary: BatchSummary): BatchPages | null {
  const known = pages.pages.flatMap(({ items }) => items).find(({ id }) => id === summary.batch);
  if (!known || isNewState(known, summary)) return null;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((batch) => (batch === known ? withSummary(batch, summary) : batch)),
    })),
  };
}
