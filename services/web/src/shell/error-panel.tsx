import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { problemOf } from '../api/problem-error.js';
import classes from './error-panel.module.css';

/** An error message, which screen readers announce immediately. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" align="flex-start" className={classes.notice} role="alert">
      <Text fw={700}>{title}</Text>
      {children}
    </Stack>
  );
}

/** An error with what to do, the request ID for finding it in the logs, and a Retry button. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, detail, requestId, errors = [] } = problemOf(error);
  return (
    <Notice title={title}>
      <Text>{detail}</Text>
      {errors.map(({ path, message }) => (
        <Text key={`${path} ${message}`} size="sm">
          {path}: {message}
        </Text>
      ))}
      {requestId && <Text size="sm">Request ID: {requestId}</Text>}
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={onRetry}>
          Retry
        </Button>
        {requestId && (
          <CopyButton value={requestId}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy request ID'}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
    </Notice>
  );
}
