import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { batchesQuery, batchQuery, startBatch } from '../api/batches.js';
import { problemOf } from '../api/problem-error.js';
import { Notice } from '../shell/error-panel.js';

/** Starts a draft. Shows "Requested" until the state of the batch confirms the start. */
export function StartButton({ batch, name }: { batch: number; name: string }) {
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: () => startBatch(batch),
    onSettled: () =>
      Promise.all(
        [batchesQuery, batchQuery(batch)].map(({ queryKey }) => queries.invalidateQueries({ queryKey, exact: true })),
      ),
  });
  const isRequested = start.isPending || start.isSuccess;
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        onClick={() => start.mutate()}
        disabled={isRequested}
        aria-label={isRequested ? `Start of ${name} requested` : `Start ${name}`}
      >
        {isRequested ? 'Requested' : 'Start'}
      </Button>
      {start.isError && (
        <Notice title={problemOf(start.error).title}>
          <Text>{problemOf(start.error).detail}</Text>
        </Notice>
      )}
    </Stack>
  );
}
