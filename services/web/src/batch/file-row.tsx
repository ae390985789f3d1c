import { memo } from 'react';
import type { BatchSummary, RunRow } from '#libs/contracts';
import type { CellGrid } from '../grid/cell-grid.js';
import { useRow } from '../grid/use-row.js';
import { PageLink } from '../shell/links.js';
import { signOf } from '../display/stage-labels.js';
import classes from './file-table.module.css';
import { StageCell } from './stage-cell.js';

interface FileRowProps {
  readonly batch: number;
  readonly run: RunRow;
  readonly grid: CellGrid;
  readonly stages: BatchSummary['stages'];
}

/** One file; renders again only if one of its own cells changes. */
export const FileRow = memo(
  function FileRow({ batch, run, grid, stages }: FileRowProps) {
    useRow(grid, run.row);
    return (
      // Row 1 is the table header.
      <tr aria-rowindex={run.row + 2}>
        <th scope="row" className={classes.file}>
          <PageLink to="/batches/$batchId/runs/$runId" params={{ batchId: String(batch), runId: String(run.id) }}>
            {run.guid}
          </PageLink>
          {run.title && <span className={classes.title}>{run.title}</span>}
        </th>
        {stages.map(({ name }, index) => {
          const { state, mark } = grid.cell(run.row, index);
          return (
            <StageCell
              key={index}
              guid={run.guid}
              stage={name}
              sign={signOf(state, mark)}
              progress={grid.progress(run.row, index)}
            />
          );
        })}
      </tr>
    );
  },
  // Summaries contain new stage objects with unchanged names, up to four times a second.
  (before, after) =>
    before.run === after.run && before.grid === after.grid && before.stages.length === after.stages.length,
);
