import type { Explanation, HeldStage } from '#libs/contracts';
import type { BatchStatus } from '#libs/database';
import { explanation } from './explanation.js';
import { because, clock } from './phrases.js';

/** Why a batch is held at a stage, and the decisions that its owner has. */
export function heldBatch({ batch, route }: BatchStatus, held: HeldStage): Explanation {
  const { stage, by, reason, since, probeAt } = held;
  const name = route[stage]?.name ?? 'none';
  const probe = probeAt === null ? '' : ` The next file is tried at ${clock(Date.parse(probeAt))}.`;
  const resume = `resume stage ${stage} of batch ${batch}`;
  return explanation(
    'held',
    `Batch ${batch} is held at stage ${stage} (${name}) by ${by} since ${clock(Date.parse(since))}${because(reason)}${probe}`,
    probeAt === null
      ? `To continue, ${resume}.`
      : `Decide: correct the cause and ${resume} to continue now, then retry its failed files; or cancel the batch. ` +
          'Without a decision, one file at a time is tried, and the others follow when one succeeds.',
  );
}
