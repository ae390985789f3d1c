import { Button, CopyButton, Group, Text } from '@mantine/core';
import { problemOf } from '../api/problem-error.js';
import { Notice } from './notice.js';

/** Says what went wrong, what to do, and the request's id for finding it in the logs. */
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
      {requestId && <Text size="sm">Request {requestId}</Text>}
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={onRetry}>
          Retry
        </Button>
        {requestId && (
          <CopyButton value={requestId}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy request id'}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
    </Notice>
  );
}
