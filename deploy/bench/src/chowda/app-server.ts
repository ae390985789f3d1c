import type { AppCall } from '../measure/app-calls.js';
import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';
import type { NoOpApp } from './no-op-app.js';

/** Request to the process of the apps. */
export type AppServerQuestion =
  /** Returns the port. */
  | { readonly ask: 'serve'; readonly apps: readonly NoOpApp[] }
  /** Starts a new recording of the calls. */
  | { readonly ask: 'record' }
  /** Returns the recorded calls. */
  | { readonly ask: 'calls' };

/** Running no-op apps, all in one process. */
export interface AppServer {
  readonly pid: number;
  /** URLs in the order of the apps. */
  readonly urls: readonly string[];
  /** Starts a new recording of the calls; without it, none are recorded. */
  record(): Promise<void>;
  /** The calls since the start of the recording. */
  calls(): Promise<AppCall[]>;
}

/** Starts the apps in a separate process. */
export async function startAppServer(bench: Workbench, apps: readonly NoOpApp[]): Promise<AppServer> {
  const child = await startChild(bench, { name: 'apps', script: processScript('app-server'), environment: {} });
  const ask = <Answer>(question: AppServerQuestion) => child.ask<Answer>(question);
  const { port } = await ask<{ port: number }>({ ask: 'serve', apps });
  return {
    pid: child.pid,
    urls: apps.map(({ name }) => `http://127.0.0.1:${port}/${name}`),
    record: () => ask<void>({ ask: 'record' }),
    calls: () => ask<AppCall[]>({ ask: 'calls' }),
  };
}
