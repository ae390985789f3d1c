import { askOperator, type NatsLink } from '#libs/messaging';
import { until } from '#deploy/local';

const ANSWER_WITHIN_MS = 20_000;
const LEADER_WITHIN_MS = 60_000;

/** Requests a recount of every batch from the scheduler; returns a sentence for each counter that differs from its rows. */
export const auditCounters = ({ connection }: NatsLink): Promise<string[]> =>
  until('The recount of all batches', LEADER_WITHIN_MS, async () => {
    const { disagreements } = await askOperator(connection, 'audit', { actor: 'chaos' }, ANSWER_WITHIN_MS);
    return disagreements;
  });
