import { Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import type { RunView, StageProgress, StageRunView } from '#libs/contracts';
import { runQuery } from '../api/batches.js';
import { useOpenBatch } from '../batch/batch-context.js';
import { useRow } from '../grid/use-row.js';
import { Breadcrumb, PageLink } from '../shell/links.js';
import { PageHeading } from '../shell/page-heading.js';
import { ProblemPage } from '../shell/problem-pages.js';
import { StatePill } from '../shell/state-pill.js';
import { signOf } from '../display/stage-labels.js';
import classes from './run-page.module.css';
import { StageCard } from './stage-card.js';

/** One run: its file with every stage. */
export function RunPage() {
  const { batch } = useOpenBatch();
  const { runId } = useParams({ from: '/batches/$batchId/runs/$runId' });
  const { data, error, refetch } = useQuery(runQuery(Number(runId)));
  const readAgain = useCallback(() => void refetch(), [refetch]);
  if (error && !data) return <ProblemPage title={`Run ${runId}`} error={error} onRetry={readAgain} />;
  return (
    <>
      <Breadcrumb
        links={[
          <PageLink to="/">Batches</PageLink>,
          <PageLink to="/batches/$batchId" params={{ batchId: String(batch.id) }}>
            {batch.name}
          </PageLink>,
        ]}
        here={data?.guid ?? `Run ${runId}`}
      />
      {data ? <Run run={data} onBehind={readAgain} /> : <Skeleton height={320} />}
    </>
  );
}

function Run({ run, onBehind }: { run: RunView; onBehind: () => void }) {
  const { feed } = useOpenBatch();
  const { grid } = feed;
  useRow(grid, run.row);
  const signs = run.stages.map(({ index }) => {
    const { state, mark } = grid.cell(run.row, index);
    return signOf(state, mark);
  });
  const isBehind =
    grid.version >= 0 && run.stages.some(({ state, mark }, index) => signOf(state, mark) !== signs[index]);
  const seen = signs.join();
  useEffect(() => {
    if (isBehind) onBehind();
  }, [isBehind, seen, onBehind]);
  return (
    <>
      <Group gap="sm">
        <PageHeading title={run.guid} />
        <StatePill sign={signs.includes('retrying') ? 'retrying' : run.state} />
      </Group>
      {run.title && <Text>{run.title}</Text>}
      <ol className={classes.stages} aria-label="Stages">
        {run.stages.map((stage) => (
          <StageCard
            key={stage.index}
            stage={stage}
            guid={run.guid}
            progress={grid.progress(run.row, stage.index) ?? storedProgress(stage)}
          />
        ))}
      </ol>
    </>
  );
}

/** What was known when the run was read; live reports replace it. */
function storedProgress({ state, progress }: StageRunView): StageProgress | null {
  if (state !== 'running' || !progress) return null;
  return { percent: progress.percent, ...(progress.estimated ? { estimated: true } : {}) };
}
