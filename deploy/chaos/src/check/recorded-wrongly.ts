import { compareLineage } from '#libs/contracts';
import type { Settlement } from '../history.js';
import { stageName } from './stage-name.js';
import type { StoredStage } from './stored-documents.js';

/** Stages whose row is not what their newest lineage settled. */
export function recordedWrongly(stages: readonly StoredStage[], settlements: readonly Settlement[]): string[] {
  const newest = new Map<string, Settlement>();
  for (const settlement of settlements) {
    const key = `${settlement.run}/${settlement.index}`;
    const known = newest.get(key);
    if (!known || compareLineage(settlement, known) > 0) newest.set(key, settlement);
  }
  return stages.flatMap((stage) => {
    const settlement = newest.get(`${stage.run}/${stage.index}`);
    // Deleted with its stream before it was read.
    if (!settlement) return [];
    const isSame = settlement.kind === stage.state && (settlement.document ?? null) === stage.named;
    const settled = `${settlement.kind} with ${settlement.document ?? 'nothing'}`;
    return isSame ? [] : [`${stageName(stage)} is ${stage.state} with ${stage.named ?? 'nothing'}, settled ${settled}`];
  });
}
