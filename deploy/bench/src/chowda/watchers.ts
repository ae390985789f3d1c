import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';

/** Request to a process of browsers. */
export type WatchersQuestion =
  | { readonly ask: 'connect'; readonly webUrl: string; readonly accessToken: string; readonly clients: number }
  /** One client in ten watches the list of batches; the others watch one batch each, evenly distributed. */
  | { readonly ask: 'watch'; readonly batches: readonly number[] }
  /** Returns the frames that arrived since the last request. */
  | { readonly ask: 'frames' };

/** Changed cells as browsers received them. */
export interface SeenFrame {
  readonly batch: number;
  readonly to: number;
  /** Output of `packCells` in base64. */
  readonly cells: string;
  /** Time of receipt by each browser, Unix time in ms. */
  readonly arrivals: readonly number[];
}

/** Connected browsers. */
export interface Watchers {
  /** IDs of the browsers' processes. */
  readonly pids: readonly number[];
  /** One browser in ten watches the list of batches, as the page of batches does; the others watch one batch each. */
  watch(batches: readonly number[]): Promise<void>;
  /** Returns the frames that arrived since the last call. */
  frames(): Promise<SeenFrame[]>;
}

/** Number of browsers and of their processes. */
export interface BrowserPlan {
  readonly clients: number;
  readonly processes: number;
}

/** Connects Socket.IO clients through the gateway, distributed over separate processes. */
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
