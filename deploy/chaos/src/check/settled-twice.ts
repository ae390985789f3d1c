import type { Settlement } from '../history.js';
import { stageName } from './stage-name.js';

/**
 * Lineages that settled a stage more than once. A settlement that is repeated after the loss of its event log counts once
 * if kind and document are equal; a parked stage does not count as a result.
 */
export function settledTwice(settlements: readonly Settlement[]): string[] {
  const byLineage = new Map<string, Settlement[]>();
  for (const settlement of settlements) {
    const { run, index, generation, root } = settlement;
    const key = `${run}/${index} ${generation}.${root}`;
    byLineage.set(key, [...(byLineage.get(key) ?? []), settlement]);
  }
  return [...byLineage.values()].flatMap((all) => {
    const logs = new Set(all.map(({ log }) => log));
    const results = new Set(all.filter(isResult).map(({ kind, document }) => `${kind} ${document}`));
    if (all.length === logs.size && results.size <= 1) return [];
    const { generation, root } = all[0]!;
    const each = all.map((settlement) => describe(settlement, [...logs].indexOf(settlement.log) + 1)).join(', ');
    return [`${stageName(all[0]!)} was settled ${all.length} times in lineage ${generation}.${root}: ${each}`];
  });
}

const isResult = ({ kind }: Settlement): boolean => kind !== 'parked';

const describe = ({ kind, at, document }: Settlement, log: number): string =>
  `${kind}${document === undefined ? '' : ` ${document.slice(0, 8)}`} at ${new Date(at).toISOString().slice(11, 23)} in log ${log}`;
