import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';

/** What a process of browsers is asked. */
export type WatchersQuestion =
  | { readonly ask: 'connect'; readonly webUrl: string; readonly accessToken: string; readonly clients: number }
  /** One client of ten watches the list of batches, the others one batch each, evenly spread. */
  | { readonly ask: 'watch'; readonly batches: readonly number[] }
  /** The frames that arrived since the last time. */
  | { readonly ask: 'frames' };

/** Changed cells as browsers got them. */
export interface SeenFrame {
  readonly batch: number;
  readonly to: number;
  /** What `packCells` wrote, in base64. */
  readonly cells: string;
  /** When each browser got it, in milliseconds since 1970. */
  readonly arrivals: readonly number[];
}

/** Connected browsers. */
export interface Watchers {
  /** Ids of the processes they live in. */
  readonly pids: readonly number[];
  /** One browser of ten watches the list of batches, as its page does; the others one batch each. */
  watch(batches: readonly number[]): Promise<void>;
  /** Takes what has arrived since the last time. */
  frames(): Promise<SeenFrame[]>;
}

/** How many browsers there are, and in how many processes. */
export interface BrowserPlan {
  readonly clients: number;
  readonly processes: number;
}

/** Connects Socket.IO clients through the gateway, spread over processes of their own. */
export async function connectWatchers(
  bench: Workbench,
  { webUrl, accessToken }: { readonly webUrl: string; readonly accessToken: string },
  { clients, processes }: BrowserPlan,
): Promise<Watchers> {
  const start = () => startChild(bench, { name: 'browsers', script: processScript('browsers'), environment: {} });
  const children = await Promise.all(Array.from({ length: processes }, start));
  const askAll = <Answer>(question: WatchersQuestion) =>
    bench.step('Browsers', () => Promise.all(children.map((child) => child.ask<Answer>(question))));
  await askAll({ ask: 'connect', webUrl, accessToken, clients: clients / processes });
  return {
    pids: children.map(({ pid }) => pid),
    watch: async (batches) => void (await askAll({ ask: 'watch', batches })),
    frames: async () => (await askAll<SeenFrame[]>({ ask: 'frames' })).flat(),
  };
}
