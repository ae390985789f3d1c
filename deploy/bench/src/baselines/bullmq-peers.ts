import type { Workbench } from '../workbench/workbench.js';
import { type BullmqChain, type BullmqPlan, type BullmqWork, startBullmqChain } from './bullmq-chain.js';
import { findRedis } from './redis-program.js';

/** The running peers, or why they could not be started. */
export interface BullmqPeers {
  readonly chains: readonly BullmqChain[];
  /** What the tables state about the peers. */
  readonly note: string;
  /** Why the peers are missing. */
  readonly missing?: string;
}

/** Starts one chain for each kind of work; without redis-server, none. */
export async function startBullmqPeers(
  bench: Workbench,
  works: readonly BullmqWork[],
  plan: Omit<BullmqPlan, 'redis'>,
): Promise<BullmqPeers> {
  const redis = await findRedis(bench.run.print);
  if (redis.program === null) return { chains: [], note: `No peer: ${redis.missing}.`, missing: redis.missing };
  const chains: BullmqChain[] = [];
  for (const work of works) chains.push(await startBullmqChain(bench, work, { ...plan, redis: redis.program }));
  return {
    chains,
    note: `BullMQ runs on Redis ${redis.version}, which syncs its file once a second; Postgres syncs at every commit.`,
  };
}
