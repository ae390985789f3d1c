import { Text } from '@mantine/core';
import type { BatchSummary } from '#libs/contracts';
import { formatMoment } from '../display/format.js';

/** Why a batch makes no progress, since when, and what to do; nothing while it does. */
export function BlockedLine({ blocked }: Pick<BatchSummary, 'blocked'>) {
  if (!blocked) return null;
  const { reason, since, until, advice } = blocked;
  return (
    <Text>
      <strong>Waiting:</strong> {reason} Since {formatMoment(since)}
      {until !== null && `, until ${formatMoment(until)}`}. {advice}
    </Text>
  );
}
