import { Group, Paper, Stack, Text } from '@mantine/core';
import { type BatchView, countOf, RUN_STATES } from '#libs/contracts';
import { BatchTimes } from '../batches/batch-times.js';
import { StageBars } from '../batches/stage-bars.js';
import { StartButton } from '../batches/start-button.js';
import { PageHeading } from '../shell/page-heading.js';
import { StatePill } from '../shell/state-pill.js';
import { batchSign } from '../display/stage-labels.js';
import classes from './batch-header.module.css';

/** Name, progress and properties of the batch. */
export function BatchHeader({ batch }: { batch: BatchView }) {
  const { id, name, pipeline, files, createdBy, summary } = batch;
  return (
    <Paper withBorder p="lg" className={classes.header} data-sign={batchSign(summary).sign}>
      <Stack gap="sm">
        <Group gap="sm">
          <PageHeading title={name} />
          <StatePill {...batchSign(summary)} />
        </Group>
        <Text size="lg">{summary.sentence}</Text>
        <StageBars stages={summary.stages} />
        <dl className={classes.counts}>
          <div>
            <dt>Files</dt>
            <dd>{files}</dd>
          </div>
          {RUN_STATES.filter((state) => summary.runs[state] > 0).map((state) => (
            <div key={state} data-state={state}>
              <dt>{state}</dt>
              <dd>{summary.runs[state]}</dd>
            </div>
          ))}
        </dl>
        <Text size="sm" c="dimmed">
          Pipeline {pipeline.name}@{pipeline.version}, {countOf(summary.stages.length, 'stage')} · created by{' '}
          {createdBy} · <BatchTimes batch={batch} />
        </Text>
        {summary.state === 'draft' && <StartButton batch={id} name={name} />}
      </Stack>
    </Paper>
  );
}
