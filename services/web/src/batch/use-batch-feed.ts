import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { batchTopic, type BatchSummary, type BatchView } from '#libs/contracts';
import { batchQuery, fetchCells } from '../api/batches.js';
import { isNewState, withSummary } from '../batches/live-batches.js';
import { CellGrid } from '../grid/cell-grid.js';
import { GridFeed } from '../grid/grid-feed.js';
import { useWatch } from '../live/live-context.js';
import type { Watcher } from '../live/live-client.js';

/** Milliseconds before a snapshot is read again. */
const PAUSE = 500;

/** Reads the cells of a batch, subscribes to its topic and updates its query with each summary. */
export function useBatchFeed(batch: BatchView): GridFeed {
  const queries = useQueryClient();
  const { id } = batch;
  const stages = batch.summary.stages.length;
  const { feed, watcher } = useMemo(() => openFeed(queries, id, stages), [queries, id, stages]);
  useWatch(watcher);
  useEffect(() => {
    void feed.refresh();
  }, [feed]);
  return feed;
}

function openFeed(queries: QueryClient, batch: number, stages: number): { feed: GridFeed; watcher: Watcher } {
  const feed = new GridFeed(new CellGrid(stages), {
    fetchSnapshot: () => fetchCells(batch),
    pause: () => new Promise((resolve) => setTimeout(resolve, PAUSE)),
  });
  const watcher: Watcher = {
    topic: batchTopic(batch),
    since: () => feed.grid.version,
    onAnswer: ({ gap }) => {
      if (!gap) return;
      void feed.refresh();
      void queries.invalidateQueries({ queryKey: batchQuery(batch).queryKey, exact: true });
    },
    onCells: (change) => feed.receive(change),
    onSummary: (summary) => {
      feed.noticeVersion(summary.version);
      takeSummary(queries, summary);
    },
    onProgress: ({ row, index, ...progress }) => feed.grid.report(row, index, progress),
  };
  return { feed, watcher };
}

function takeSummary(queries: QueryClient, summary: BatchSummary): void {
  const { queryKey } = batchQuery(summary.batch);
  const known = queries.getQueryData(queryKey);
  if (!known) return;
  queries.setQueryData(queryKey, withSummary(known, summary));
  if (isNewState(known, summary)) void queries.invalidateQueries({ queryKey, exact: true });
}
