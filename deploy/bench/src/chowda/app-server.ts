import { processScript } from '../workbench/scripts.js';
import { startChild } from '../workbench/child.js';
import type { Workbench } from '../workbench/workbench.js';
import type { NoOpApp } from './no-op-app.js';

/** Running no-op apps, all in one process. */
export interface AppServer {
  readonly pid: number;
  /** URLs in the order of the apps. */
  readonly urls: readonly string[];
}

/** Starts the apps in a separate process. */
export async function startAppServer(bench: Workbench, apps: readonly NoOpApp[]): Promise<AppServer> {
  const child = await startChild(bench, { name: 'apps', script: processScript('app-server'), environment: {} });
  const { port } = await child.ask<{ port: number }>(apps);
  return { pid: child.pid, urls: apps.map(({ name }) => `http://127.0.0.1:${port}/${name}`) };
}
