import { milliseconds } from '#libs/messaging';
import type { Settlement, StageMessage, Start } from '../history.js';
import { stageName } from './stage-name.js';

/** A worker that has decided on a call longer ago looks again first (milliseconds). */
const UNDER_WAY = 1000;
/** What it decides by was read before that (milliseconds). */
const LOOK = 100;

/** One call of an app, for a stage of a run; `at` in milliseconds since 1970. */
export interface StageCall {
  readonly run: number;
  readonly index: number;
  readonly at: number;
}

/** What the streams say of the calls' stages. */
export interface StageHistory {
  readonly messages: readonly StageMessage[];
  readonly settlements: readonly Settlement[];
  readonly starts: readonly Start[];
}

/** Times of one stage's lineages in milliseconds since 1970, by root. A newer lineage has a later root. */
interface StageLife {
  readonly published: Map<string, number>;
  readonly settled: Map<string, number>;
  readonly starts: Start[];
}

/**
 * Calls for which no lineage was open when they were decided on. A lineage is open from the publication of its stage
 * message until it is settled, or a newer one is. A call on its way does not see what another worker settles meanwhile.
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
    // Its message may have gone with a deleted stream before it was read; a root is the time of a lineage's begin.
    if (!published.has(root)) published.set(root, milliseconds(root));
  }
  return calls.flatMap((call) => {
    const life = lifeOf(call);
    const underWay = life.starts.map(({ at }) => at).filter((at) => at <= call.at && at >= call.at - UNDER_WAY);
    const lookedAt = underWay.length > 0 ? Math.max(...underWay) - LOOK : call.at;
    // The broker's times are finer than those of calls.
    const published = [...life.published].filter(([, at]) => Math.floor(at) <= call.at);
    if (published.some(([root]) => isOpen(root, life, lookedAt))) return [];
    const settled = [...life.settled].map(([root, at]) => `lineage ${root} at ${at}`).join(', ') || 'never';
    const started = life.starts.map(({ at, worker }) => `at ${at} by ${worker}`).join(', ') || 'never';
    return [`${stageName(call)} was called at ${call.at}, and settled: ${settled}; started: ${started}`];
  });
}

/** Whether neither a lineage nor a newer one was settled before a time. */
const isOpen = (root: string, { settled }: StageLife, at: number): boolean =>
  [...settled].every(([other, settledAt]) => BigInt(other) < BigInt(root) || settledAt >= at);

function keepFirst(times: Map<string, number>, root: string, at: number): void {
  times.set(root, Math.min(times.get(root) ?? at, at));
}
