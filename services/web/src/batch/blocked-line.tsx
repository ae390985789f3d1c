import { Text } from '@mantine/core';
import type { BatchSummary } from '#libs/contracts';

const time = (iso: string): string => new Date(iso).toLocaleString();

/** Why a batch makes no progress, since when, and what to do; nothing while it does. */
export function BlockedLine({ blocked }: Pick<BatchSummary, 'blocked'>) {
  if (!blocked) return null;
  const { reason, since, until, advice } = blocked;
  return (
    <Text>
      <strong>Waiting:</strong> {reason} Since {time(since)}
      {until !== null && `, until ${time(until)}`}. {advice}
    </Text>
  );
}
