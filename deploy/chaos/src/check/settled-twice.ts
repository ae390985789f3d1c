import type { Settlement } from '../history.js';
import { stageName } from './stage-name.js';

/** Stages that were settled more than once in one lineage. */
export function settledTwice(settlements: readonly Settlement[]): string[] {
  const byLineage = new Map<string, Settlement[]>();
  for (const settlement of settlements) {
    const { run, index, generation, root } = settlement;
    const key = `${run}/${index} ${generation}.${root}`;
    byLineage.set(key, [...(byLineage.get(key) ?? []), settlement]);
  }
  return [...byLineage.values()].flatMap((all) =>
    all.length > 1 ? [`${stageName(all[0]!)} was settled ${all.length} times in lineage ${lineageOf(all[0]!)}`] : [],
  );
}

const lineageOf = ({ generation, root }: Settlement) => `${generation}.${root}`;
