import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type BatchView, countOf } from '#libs/contracts';
import { BlockedLine } from '../batch/blocked-line.js';
import { StatePill } from '../shell/state-pill.js';
import { batchSign } from '../display/stage-labels.js';
import { BatchTimes } from './batch-times.js';
import classes from './batch-card.module.css';
import { StageBars } from './stage-bars.js';
import { StartButton } from './start-button.js';

/** One batch in the list. */
export function BatchCard({ batch }: { batch: BatchView }) {
  const { id, name, pipeline, files, summary } = batch;
  return (
    <Paper component="li" withBorder p="lg" className={classes.card}>
      <Stack gap="sm">
        <Group gap="sm">
          <Title order={2} size="h4">
            <Link to="/batches/$batchId" params={{ batchId: String(id) }} className={classes.link}>
              {name}
            </Link>
          </Title>
          <StatePill {...batchSign(summary)} />
        </Group>
        <Text>{summary.sentence}</Text>
        <BlockedLine blocked={summary.blocked} />
        <StageBars stages={summary.stages} />
        <Text size="sm" c="dimmed">
          {pipeline.name}@{pipeline.version} · {countOf(files, 'file')} · <BatchTimes batch={batch} />
        </Text>
        {summary.state === 'draft' && <StartButton batch={id} name={name} />}
      </Stack>
    </Paper>
  );
}
