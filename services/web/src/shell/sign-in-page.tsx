import { Button, Code, Paper, Stack, Text } from '@mantine/core';
import { PageHeading } from './page-heading.js';

/** Shown instead of any page while the browser is not signed in. */
export function SignInPage({ onRetry }: { onRetry: () => void }) {
  return (
    <Paper withBorder p="xl" maw={560} mx="auto" mt="xl">
      <Stack align="flex-start">
        <PageHeading title="Sign in" />
        <Text>
          This browser is not signed in, or its session has ended. Open the sign-in link that <Code>npm start</Code>{' '}
          printed in its terminal; it leads to the batches.
        </Text>
        <Text c="dimmed">The link works once. Start Chowda again for a new one.</Text>
        <Button variant="default" onClick={onRetry}>
          I have signed in
        </Button>
      </Stack>
    </Paper>
  );
}
