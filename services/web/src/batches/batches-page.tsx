import { Button, Code, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { batchesQuery } from '../api/batches.js';
import { PageHeading } from '../shell/page-heading.js';
import { ProblemPage } from '../shell/problem-pages.js';
import classes from './batch-card.module.css';
import { BatchCard } from './batch-card.js';
import { useLiveList } from './use-live-list.js';

const SKELETONS = 3;
const TITLE = 'Batches';

/** All batches, newest first, live. */
export function BatchesPage() {
  useLiveList();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(batchesQuery);
  if (error && !data) return <ProblemPage title={TITLE} error={error} onRetry={() => void refetch()} />;
  const batches = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHeading title={TITLE} />
      {batches ? batches.length === 0 ? <NoBatches /> : null : <Loading />}
      <ul className={classes.list} hidden={!batches?.length}>
        {batches?.map((batch) => (
          <BatchCard key={batch.id} batch={batch} />
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load more
        </Button>
      )}
    </>
  );
}

function Loading() {
  return (
    <Stack aria-busy aria-label="Loading batches" role="group">
      {Array.from({ length: SKELETONS }, (_, i) => (
        <Skeleton key={i} height={150} />
      ))}
    </Stack>
  );
}

function NoBatches() {
  return (
    <Paper withBorder p="xl" className={classes.card}>
      <Stack gap="xs">
        <Title order={2} size="h4">
          No batches yet
        </Title>
        <Text>
          A batch is a set of media files that a pipeline processes. Create one with{' '}
          <Code>npx chowda batches create</Code> or <Code>POST /api/batches</Code>. <Code>npm start</Code> creates the
          first one from three sample videos.
        </Text>
      </Stack>
    </Paper>
  );
}
