import { milliseconds } from '#libs/messaging';
import type { Settlement, StageMessage, Start } from '../history.js';
import { stageName } from './stage-name.js';

/** A worker checks again before a call if its decision is older (ms). */
const MAX_DECISION_AGE = 1000;
/** The worker read the state on which it decided up to this time before its `started` (ms). */
const READ_BEFORE = 100;

/** One call of an app for a stage of a run; `at` is Unix time in ms. */
export interface StageCall {
  readonly run: number;
  readonly index: number;
  readonly at: number;
}

/** The messages about the called stages. */
export interface StageHistory {
  readonly messages: readonly StageMessage[];
  readonly settlements: readonly Settlement[];
  readonly starts: readonly Start[];
}

/** Times of the lineages of one stage (Unix time in ms) by root. A newer lineage has a later root. */
interface StageLife {
  readonly published: Map<string, number>;
  readonly settled: Map<string, number>;
  readonly starts: Start[];
}

/**
 * Calls for which no lineage was open at the decision of the worker. A lineage is open from the publication of its stage
 * message until it or a newer one is settled. A worker cannot see what another worker settles between decision and call.
 */
export function callsAfterSettlement(
  calls: readonly StageCall[],
  { messages, settlements, starts }: StageHistory,
): string[] {
  const lives = new Map<string, StageLife>();
  const lifeOf = ({ run, index }: Pick<StageCall, 'run' | 'index'>): StageLife => {
    const key = `${run}/${index}`;
    const life = lives.get(key) ?? { published: new Map(), settled: new Map(), starts: [] };
    lives.set(key, life);
    return life;
  };
  for (const message of messages) keepFirst(lifeOf(message).published, message.root, message.at);
  for (const settlement of settlements) {
    keepFirst(lifeOf(settlement).settled, settlement.root, settlement.at);
  }
  for (const start of starts) lifeOf(start).starts.push(start);
  for (const { run, index, root } of [...settlements, ...starts]) {
    const { published } = lifeOf({ run, index });
    // A stream may have been deleted before its message was read; the root is the time of the lineage's first message.
    if (!published.has(root)) published.set(root, milliseconds(root));
  }
  return calls.flatMap((call) => {
    const life = lifeOf(call);
    const decisions = life.starts.map(({ at }) => at).filter((at) => at <= call.at && at >= call.at - MAX_DECISION_AGE);
    const readAt = decisions.length > 0 ? Math.max(...decisions) - READ_BEFORE : call.at;
    // The broker's times have a higher resolution than the times of calls.
    const published = [...life.published].filter(([, at]) => Math.floor(at) <= call.at);
    if (published.some(([root]) => isOpen(root, life, readAt))) return [];
    const settled = [...life.settled].map(([root, at]) => `lineage ${root} at ${at}`).join(', ') || 'never';
    const started = life.starts.map(({ at, worker }) => `at ${at} by ${worker}`).join(', ') || 'never';
    return [`${stageName(call)} was called at ${call.at}; settled: ${settled}; started: ${started}`];
  });
}

/** Whether neither the lineage nor a newer one was settled before `at`. */
const isOpen = (root: string, { settled }: StageLife, at: number): boolean =>
  [...settled].every(([other, settledAt]) => BigInt(other) < BigInt(root) || settledAt >= at);

function keepFirst(times: Map<string, number>, root: string, at: number): void {
  times.set(root, Math.min(times.get(root) ?? at, at));
}
