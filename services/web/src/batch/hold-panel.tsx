import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type BatchSummary, type CommandAnswer, countOf, type HeldStage } from '#libs/contracts';
import { cancelBatch, resumeStage, retryStage } from '../api/batch-commands.js';
import { problemOf } from '../api/problem-error.js';
import { nextProbe } from '../display/hold-labels.js';
import { formatMoment } from '../display/format.js';
import { Notice } from '../shell/error-panel.js';
import classes from './hold-panel.module.css';

/** Why the batch is held at a stage, and the three decisions that its owner can take. */
export function HoldPanel({ summary, held }: { summary: BatchSummary; held: HeldStage }) {
  const { batch, stages, runs } = summary;
  const [isCancelling, setIsCancelling] = useState(false);
  const decision = useMutation({ mutationFn: (decide: () => Promise<CommandAnswer>) => decide() });
  const stage = stages[held.stage];
  const name = stage?.name ?? `stage ${held.stage}`;
  const failed = stage?.counts.failed ?? 0;
  const open = runs.waiting + runs.running;
  return (
    <Paper component="section" withBorder p="lg" className={classes.panel} aria-labelledby={`held-${held.stage}`}>
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h4" id={`held-${held.stage}`}>
          Held at {name}
        </Title>
        <Text>
          {held.reason} Held since {formatMoment(held.since)}
          {held.by !== 'breaker' && ` by ${held.by}`}. {nextProbe(held)}
        </Text>
        {isCancelling ? (
          <Group gap="xs">
            <Text>
              Cancel {countOf(open, 'run')} that {open === 1 ? 'has' : 'have'} not ended?
            </Text>
            <Button disabled={decision.isPending} onClick={() => decision.mutate(() => cancelBatch(batch))}>
              Cancel the batch
            </Button>
            <Button variant="default" onClick={() => setIsCancelling(false)}>
              Back
            </Button>
          </Group>
        ) : (
          <Group gap="xs">
            <Button disabled={decision.isPending} onClick={() => decision.mutate(() => resumeStage(batch, held.stage))}>
              Continue
            </Button>
            {stage && failed > 0 && (
              <Button
                variant="default"
                disabled={decision.isPending}
                onClick={() => decision.mutate(() => retryStage(batch, held.stage, stage.app))}
              >
                Continue and retry {countOf(failed, 'failed file')}
              </Button>
            )}
            <Button variant="default" disabled={decision.isPending} onClick={() => setIsCancelling(true)}>
              Cancel the batch …
            </Button>
          </Group>
        )}
        {decision.isSuccess && <Text role="status">{decision.data.sentence}</Text>}
        {decision.isError && (
          <Notice title={problemOf(decision.error).title}>
            <Text>{problemOf(decision.error).detail}</Text>
          </Notice>
        )}
      </Stack>
    </Paper>
  );
}
