import type { CancelRepository } from '../src/index.js';

const ALL = 1000;

/** Marks a batch as cancelled and cancels all its waiting runs, as the leader does in slices. */
export async function cancelWholeBatch(cancels: CancelRepository, batch: number): Promise<void> {
  await cancels.cancel(batch, { verb: 'cancel', actor: 'kc', request: {} }, { dryRun: false });
  await cancels.cancelSlice(batch, ALL);
}
