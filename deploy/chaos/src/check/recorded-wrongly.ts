import { compareLineage } from '#libs/contracts';
import type { Settlement } from '../history.js';
import { stageName } from './stage-name.js';
import type { StoredStage } from './stored-documents.js';

/**
 * Stages whose row is not what their newest lineage settled. What was settled in a log that was deleted may not have been
 * recorded before; what is in the one that is left (`log`) has to be. A stage that was put back settled nothing.
 */
export function recordedWrongly(
  stages: readonly StoredStage[],
  settlements: readonly Settlement[],
  log: string | undefined,
): string[] {
  const byStage = new Map<string, Settlement[]>();
  for (const settlement of settlements.filter(({ kind }) => kind !== 'parked')) {
    const key = `${settlement.run}/${settlement.index}`;
    byStage.set(key, [...(byStage.get(key) ?? []), settlement]);
  }
  return stages.flatMap((stage) => {
    const newestFirst = (byStage.get(`${stage.run}/${stage.index}`) ?? []).toSorted((a, b) => compareLineage(b, a));
    const sure = newestFirst.findIndex((settlement) => settlement.log === log);
    const possible = sure < 0 ? newestFirst : newestFirst.slice(0, sure + 1);
    // All of them may have been deleted with their stream before they were read.
    if (possible.length === 0 || possible.some((settlement) => isOf(settlement, stage))) return [];
    const settled = possible.map(({ kind, document }) => `${kind} with ${document ?? 'nothing'}`).join(', before it ');
    return [`${stageName(stage)} is ${stage.state} with ${stage.named ?? 'nothing'}, settled ${settled}`];
  });
}

const isOf = ({ kind, document }: Settlement, { state, named }: StoredStage): boolean =>
  kind === state && (document ?? null) === named;
