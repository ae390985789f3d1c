import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

/** Something went wrong; read out at once. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" align="flex-start" className={classes.notice} role="alert">
      <Text fw={700}>{title}</Text>
      {children}
    </Stack>
  );
}
