import { startBullmqPeers } from '../baselines/bullmq-peers.js';
import { startChowda } from '../chowda/chowda.js';
import { chowdaSystem } from '../chowda/chowda-system.js';
import type { NoOpApp } from '../chowda/no-op-app.js';
import { untilSteady } from '../chowda/steady-worker.js';
import { interleaved } from '../measure/statistics.js';
import type { System } from '../workbench/system.js';
import type { Workbench } from '../workbench/workbench.js';

/** What a part measures on Chowda and on the peer. */
export interface SideBySidePlan<Result> {
  readonly apps: readonly NoOpApp[];
  readonly concurrency: number;
  readonly repetitions: number;
  /** Files of each batch that warms up. */
  readonly warmUpFiles: number;
  /** Seconds until the stages or jobs of a worker that ended are repeated; default: the settings of each system. */
  readonly repeatAfterSeconds?: number;
  readonly measure: (system: System) => Promise<Result>;
}

/** Results of interleaved runs; no `peer` if it could not be started. */
export interface SideBySide<Result> {
  readonly own: readonly Result[];
  readonly peer: readonly Result[] | null;
  readonly names: readonly string[];
  readonly note: string;
  /** Why there is no peer. */
  readonly missing?: string;
}

const SECOND = 1000;

/** Measures Chowda and BullMQ with the duties, each on its own servers and apps, in interleaved runs. */
export async function sideBySide<Result>(bench: Workbench, plan: SideBySidePlan<Result>): Promise<SideBySide<Result>> {
  const { apps, concurrency, repeatAfterSeconds } = plan;
  const chowda = await startChowda(bench, {
    name: 'chowda',
    apps,
    concurrency,
    worker: 'http',
    ...(repeatAfterSeconds && { ackWait: repeatAfterSeconds }),
  });
  const { chains, note, missing } = await startBullmqPeers(bench, ['duties'], {
    apps,
    concurrency,
    ...(repeatAfterSeconds && { stalledMs: repeatAfterSeconds * SECOND }),
  });
  const warmUps = chains.map((chain) => () => chain.measure(plan.warmUpFiles));
  await untilSteady(bench, chowda, plan.warmUpFiles, warmUps);

  const systems = [chowdaSystem(chowda), ...chains];
  const results = new Map<System, Result[]>(systems.map((system) => [system, []]));
  for (const round of interleaved(systems, plan.repetitions)) {
    for (const system of round) results.get(system)!.push(await plan.measure(system));
  }
  const [own, peer] = [...results.values()];
  const names = systems.map(({ name }) => name);
  return { own: own!, peer: peer ?? null, names, note, ...(missing === undefined ? {} : { missing }) };
}

/** A row for each system: its name, the number of runs, and the columns of its results. */
export const rowsOf = <Result>(
  { own, peer, names }: SideBySide<Result>,
  columns: (results: readonly Result[]) => readonly (string | number)[],
): (string | number)[][] =>
  [own, ...(peer ? [peer] : [])].map((results, position) => [names[position]!, results.length, ...columns(results)]);

/** The smallest and the largest value with one decimal. */
export const rangeOf = (values: readonly number[]): string =>
  `${Math.min(...values).toFixed(1)}-${Math.max(...values).toFixed(1)}`;
