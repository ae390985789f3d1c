import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { BatchView } from '#libs/contracts';
import { batchQuery } from '../api/batches.js';
import { PageHeading } from '../shell/page-heading.js';
import { ProblemPage } from '../shell/problem-pages.js';
import { BatchContext } from './batch-context.js';
import { useBatchFeed } from './use-batch-feed.js';

/** Opens the batch of the URL; the pages below share one feed of its cells. */
export function BatchLayout() {
  const { batchId } = useParams({ from: '/batches/$batchId' });
  const { data, error, refetch } = useQuery(batchQuery(Number(batchId)));
  if (data) return <OpenBatch key={batchId} batch={data} />;
  if (error) return <ProblemPage title={`Batch ${batchId}`} error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHeading title={`Batch ${batchId}`} />
      <Skeleton height={120} />
      <Skeleton height={320} />
    </>
  );
}

function OpenBatch({ batch }: { batch: BatchView }) {
  const feed = useBatchFeed(batch);
  const open = useMemo(() => ({ batch, feed }), [batch, feed]);
  return (
    <BatchContext value={open}>
      <Outlet />
    </BatchContext>
  );
}
