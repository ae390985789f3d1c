import type { Settlement, StageMessage } from '../history.js';
import { stageName } from './stage-name.js';

/** One call of an app, for a stage of a run; `at` in milliseconds since 1970. */
export interface StageCall {
  readonly run: number;
  readonly index: number;
  readonly at: number;
}

/** Times of one stage's lineages in milliseconds since 1970, by root. A newer lineage has a later root. */
interface StageLife {
  readonly published: Map<string, number>;
  readonly settled: Map<string, number>;
}

/**
 * Calls for which no lineage was open. A lineage is open from the publication of its stage message until it is settled,
 * or a newer one is.
 */
export function callsAfterSettlement(
  calls: readonly StageCall[],
  messages: readonly StageMessage[],
  settlements: readonly Settlement[],
): string[] {
  const lives = new Map<string, StageLife>();
  const lifeOf = ({ run, index }: Pick<StageCall, 'run' | 'index'>): StageLife => {
    const key = `${run}/${index}`;
    const life = lives.get(key) ?? { published: new Map(), settled: new Map() };
    lives.set(key, life);
    return life;
  };
  for (const message of messages) keepFirst(lifeOf(message).published, message.root, message.at);
  for (const settlement of settlements) {
    const { settled, published } = lifeOf(settlement);
    keepFirst(settled, settlement.root, settlement.at);
    // Its message may have gone with a deleted stream before it was read; a root is the time of a lineage's begin.
    if (!published.has(settlement.root)) published.set(settlement.root, Number(BigInt(settlement.root) / 1_000_000n));
  }
  return calls.flatMap((call) => {
    const life = lifeOf(call);
    if ([...life.published.keys()].some((root) => isOpen(root, life, call.at))) return [];
    const times = [...life.settled].map(([root, at]) => `lineage ${root} at ${at}`);
    return [`${stageName(call)} was called at ${call.at}, and settled: ${times.join(', ') || 'never'}`];
  });
}

function isOpen(root: string, { published, settled }: StageLife, at: number): boolean {
  // The broker's times are finer than those of calls.
  if (Math.floor(published.get(root)!) > at) return false;
  return [...settled].every(([other, settledAt]) => BigInt(other) < BigInt(root) || settledAt >= at);
}

function keepFirst(times: Map<string, number>, root: string, at: number): void {
  times.set(root, Math.min(times.get(root) ?? at, at));
}
