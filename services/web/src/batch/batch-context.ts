import { createContext, use } from 'react';
import type { BatchView } from '#libs/contracts';
import type { GridFeed } from '../grid/grid-feed.js';

/** The batch that the current page shows, with the feed of its cells. */
export interface OpenBatch {
  readonly batch: BatchView;
  readonly feed: GridFeed;
}

export const BatchContext = createContext<OpenBatch | null>(null);

export function useOpenBatch(): OpenBatch {
  const open = use(BatchContext);
  if (!open) throw new Error('useOpenBatch requires a BatchContext.');
  return open;
}
