import { compareLineage } from '#libs/contracts';
import type { Settlement } from '../history.js';
import { stageName } from './stage-name.js';
import type { StoredStage } from './stored-documents.js';

/**
 * Stages whose row differs from the settlement of their newest lineage. A settlement in a deleted log may have been lost
 * before it was recorded; one in the existing log (`log`) must be recorded. A parked stage has no settlement.
 */
export function wronglyRecorded(
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
    const required = newestFirst.findIndex((settlement) => settlement.log === log);
    const possible = required < 0 ? newestFirst : newestFirst.slice(0, required + 1);
    // All settlements may have been deleted with their stream before they were read.
    if (possible.length === 0 || possible.some((settlement) => isOf(settlement, stage))) return [];
    const settled = possible
      .map(({ kind, document }) => `${kind} with ${document ?? 'no document'}`)
      .join(', before that ');
    return [`${stageName(stage)} is ${stage.state} with ${stage.named ?? 'no document'}, but settled ${settled}`];
  });
}

const isOf = ({ kind, document }: Settlement, { state, named }: StoredStage): boolean =>
  kind === state && (document ?? null) === named;
