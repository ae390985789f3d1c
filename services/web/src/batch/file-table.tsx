import { Button, Paper, Skeleton, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type BatchView, countOf } from '#libs/contracts';
import { runsQuery } from '../api/batches.js';
import type { CellGrid } from '../grid/cell-grid.js';
import { ErrorPanel } from '../shell/error-panel.js';
import { FileRow } from './file-row.js';
import classes from './file-table.module.css';
import { Legend } from './legend.js';

interface FileTableProps {
  readonly batch: BatchView;
  readonly grid: CellGrid;
  readonly isLoaded: boolean;
}

/** The table of files × stages. Names are loaded in pages; states come from the grid. */
export function FileTable({ batch, grid, isLoaded }: FileTableProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    runsQuery(batch.id),
  );
  const runs = data?.pages.flatMap(({ items }) => items) ?? [];
  const { stages } = batch.summary;
  return (
    <Paper component="section" withBorder className={classes.panel} aria-labelledby="files">
      <Title order={2} size="h4" id="files" p="lg" pb="xs">
        Files
      </Title>
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data || !isLoaded ? (
        !error && <Skeleton height={200} m="lg" w="auto" aria-label="Loading files" role="group" aria-busy />
      ) : (
        // Focusable, so that a table wider than the window can be scrolled by keyboard.
        <div className={classes.scroller} tabIndex={0} role="region" aria-label="Files and stages">
          <table className={classes.table} aria-rowcount={batch.files + 1}>
            <thead>
              <tr aria-rowindex={1}>
                <th scope="col">File</th>
                {stages.map(({ name, app }, index) => (
                  <th key={index} scope="col" title={app}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <FileRow key={run.id} batch={batch.id} run={run} grid={grid} stages={stages} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button variant="default" m="lg" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load more ({countOf(batch.files - runs.length, 'file')} left)
        </Button>
      )}
      <Legend />
    </Paper>
  );
}
