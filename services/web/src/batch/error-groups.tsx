import { Paper, Stack, Text, Title } from '@mantine/core';
import { type BatchSummary, countOf, type ErrorGroup } from '#libs/contracts';
import { OUTCOME_LABELS } from '../display/stage-labels.js';
import classes from './error-groups.module.css';

/** Groups of similar failures: count, reason, and what to do. */
export function ErrorGroups({ groups, stages }: { groups: readonly ErrorGroup[]; stages: BatchSummary['stages'] }) {
  if (groups.length === 0) return null;
  return (
    <Paper component="section" withBorder p="lg" className={classes.panel} aria-labelledby="errors">
      <Title order={2} size="h4" id="errors" mb="sm">
        Failures
      </Title>
      <ul className={classes.groups}>
        {groups.map(({ index, fingerprint, app, outcome, sentence, nextAction, count, retrying = 0 }) => (
          <li key={`${index} ${fingerprint}`}>
            <Stack gap={4}>
              <Text fw={600}>
                {countOf(count, 'file')} in {stages[index]?.name ?? app}: {OUTCOME_LABELS[outcome]}
                {retrying > 0 && ` (${retrying} will be retried automatically)`}
              </Text>
              <Text className={classes.sentence}>{sentence}</Text>
              {nextAction && (
                <Text c="dimmed">
                  <strong>What to do:</strong> {nextAction}
                </Text>
              )}
            </Stack>
          </li>
        ))}
      </ul>
    </Paper>
  );
}
