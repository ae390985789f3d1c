import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { BATCHES_TOPIC } from '#libs/contracts';
import { batchesQuery } from '../api/batches.js';
import { useWatch } from '../live/live-context.js';
import type { Watcher } from '../live/live-client.js';
import { updateList } from './live-batches.js';

/** Keeps the list of batches up to date. */
export function useLiveList(): void {
  const queries = useQueryClient();
  const watcher = useMemo((): Watcher => {
    const { queryKey } = batchesQuery;
    const readAgain = () => void queries.invalidateQueries({ queryKey, exact: true });
    return {
      topic: BATCHES_TOPIC,
      since: () => 0,
      onAnswer: readAgain,
      onSummary: (summary) => {
        const pages = queries.getQueryData(queryKey);
        if (!pages) return;
        const updated = updateList(pages, summary);
        if (updated) queries.setQueryData(queryKey, updated);
        else readAgain();
      },
    };
  }, [queries]);
  useWatch(watcher);
}
