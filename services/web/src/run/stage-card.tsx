import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { StageProgress, StageRunView } from '#libs/contracts';
import { StatePill } from '../shell/state-pill.js';
import { OUTCOME_LABELS, percentLabel, signOf } from '../display/stage-labels.js';
import { DocumentLinks } from './document-links.js';
import classes from './run-page.module.css';
import { StageFacts } from './stage-facts.js';
import { StageRemarks } from './stage-remarks.js';

interface StageCardProps {
  readonly stage: StageRunView;
  readonly guid: string;
  readonly progress: StageProgress | null;
}

/** One stage of one run: state, remarks, annotation counts, output document. */
export function StageCard({ stage, guid, progress }: StageCardProps) {
  const { index, name, app, state, mark, outcome, annotations, document } = stage;
  const found = Object.entries(annotations);
  const isFailure = state === 'failed' || state === 'retrying';
  return (
    <Paper component="li" withBorder p="lg" className={classes.stage}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="sm">
            <Title order={2} size="h4">
              {index + 1}. {name}
            </Title>
            <StatePill sign={signOf(state, mark)} />
            {isFailure && outcome && <Text size="sm">{OUTCOME_LABELS[outcome]}</Text>}
            {progress !== null && (
              <Text size="sm">
                {percentLabel(progress)}, {progress.estimated ? 'estimated from earlier files' : 'reported by the app'}
              </Text>
            )}
          </Group>
          {document && (
            <DocumentLinks document={document} fileName={`${guid}.${index + 1}-${name}.mmif`} stage={name} />
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {app}
        </Text>
        <StageRemarks stage={stage} />
        {found.length > 0 && (
          <ul className={classes.found} aria-label="Annotations found">
            {found.map(([type, count]) => (
              <li key={type}>
                {type} {count}
              </li>
            ))}
          </ul>
        )}
        <StageFacts stage={stage} />
      </Stack>
    </Paper>
  );
}
