import { compareLineage, type Lineage } from '#libs/contracts';

/** What to do when a subject already has a message (JetStream error 10071). */
export type ConflictDecision =
  /** The same lineage was published before: continue with that message. */
  | 'adopt'
  /** An older lineage: publish again, expecting its sequence. */
  | 'replace'
  /** A newer lineage: drop ours. */
  | 'superseded';

/** Compares our lineage with that of the subject's last message; null: that lineage cannot be read. */
export function decideConflict(ours: Lineage, last: Lineage | null): ConflictDecision {
  if (!last) return 'replace';
  const order = compareLineage(last, ours);
  if (order > 0) return 'superseded';
  return order === 0 ? 'adopt' : 'replace';
}
