import type { InfiniteData } from '@tanstack/react-query';
import type { BatchSummary, BatchView, Page } from '#libs/contracts';

export type BatchPages = InfiniteData<Page<BatchView>>;

/** A summary taken over into a batch, unless the batch knows a newer one. */
export const withSummary = (batch: BatchView, summary: BatchSummary): BatchView =>
  summary.version >= batch.summary.version ? { ...batch, summary } : batch;

/** True when only the server can tell what the summary means: its times, when the batch began or ended. */
export const isNewState = (batch: BatchView, summary: BatchSummary): boolean =>
  summary.version >= batch.summary.version && summary.state !== batch.summary.state;

/** Takes a summary over into the list; null when the list has to be read again, for a new batch or a new state. */
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
