import { Button, Code, Paper, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { problemOf } from '../api/problem-error.js';
import { ErrorPanel } from './error-panel.js';
import { PageLink } from './links.js';
import { PageHeading } from './page-heading.js';

const UNAUTHORIZED = 401;

/** Shown if the data of a page cannot be read: asks to sign in, or shows the error. */
export function ProblemPage({ title, error, onRetry }: { title: string; error: unknown; onRetry: () => void }) {
  const queries = useQueryClient();
  if (problemOf(error).status === UNAUTHORIZED) {
    return <SignInPage onRetry={() => void queries.invalidateQueries()} />;
  }
  return (
    <>
      <PageHeading title={title} />
      <ErrorPanel error={error} onRetry={onRetry} />
    </>
  );
}

function SignInPage({ onRetry }: { onRetry: () => void }) {
  return (
    <Paper withBorder p="xl" maw={560} mx="auto" mt="xl">
      <Stack align="flex-start">
        <PageHeading title="Sign in" />
        <Text>
          This browser is not signed in, or its session has expired. Open the sign-in link that <Code>npm start</Code>{' '}
          printed in its terminal.
        </Text>
        <Text c="dimmed">Each link works once. Restart Chowda to get a new link.</Text>
        <Button variant="default" onClick={onRetry}>
          I have signed in
        </Button>
      </Stack>
    </Paper>
  );
}

/** Shown instead of a page that threw while rendering; the shell around it keeps working. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <PageHeading title="This page could not be displayed" />
      <ErrorPanel error={error} onRetry={reset} />
    </>
  );
}

/** Shown for an address without a page. */
export function NotFoundPage() {
  return (
    <>
      <PageHeading title="Page not found" />
      <Text>
        There is no page at this address. Go to the <PageLink to="/">list of batches</PageLink>.
      </Text>
    </>
  );
}
