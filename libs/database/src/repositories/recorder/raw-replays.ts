import type { EntityManager } from 'typeorm';
import { recordAction } from '../commands/operator-action.js';
import type { AppliedChange } from './recorded-stages.js';

/** NATS does not report who published a message. */
const ACTOR = 'someone with access to NATS';

/** Adds each raw replay to the audit log, with the first event of its lineage that is recorded. */
export async function recordRawReplays(manager: EntityManager, applied: readonly AppliedChange[]): Promise<void> {
  for (const { change, isNewLineage } of applied) {
    if (!change.rawReplay || !isNewLineage) continue;
    const { batch, run, index, app, generation, root } = change;
    const command = { verb: 'raw-replay', actor: ACTOR, request: { run, stage: index, app } } as const;
    await recordAction(manager, command, { attempt: `${generation}-${root}` }, [batch]);
  }
}
