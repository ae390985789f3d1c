import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { appSchema, pipelineSchema } from '#libs/contracts';
import { NatsLink } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import {
  ApiClient,
  freePort,
  inheritedEnvironment,
  nodeArguments,
  repositoryRoot,
  serviceEnvironments,
  type ServiceName,
  serviceScript,
  startNodeService,
  until,
} from '#deploy/local';
import { type CpuTimes, readCpu } from '../measure/cpu-meter.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';
import { type AppServer, startAppServer } from './app-server.js';
import type { NoOpApp } from './no-op-app.js';
import { type BrowserPlan, connectWatchers, type Watchers } from './watchers.js';
import { startBroker, startDatabase } from './servers.js';

const SECOND = 1000;
const READY_WITHIN = 30 * SECOND;
export const PIPELINE = 'bench';
const FEW_BROWSERS: BrowserPlan = { clients: 10, processes: 1 };

export interface ChowdaPlan {
  /** Unique within the part. */
  readonly name: string;
  /** Apps of the pipeline, in the order of its stages. */
  readonly apps: readonly NoOpApp[];
  /** Documents that each app processes at once. */
  readonly concurrency: number;
  /** Whether the worker calls the apps over HTTP or in its own process. */
  readonly worker: 'http' | 'no-op';
  /** Seconds without a heartbeat after which a stage is redelivered; default: the setting of the services. */
  readonly ackWait?: number;
  /** Folder of the media files; default: the repository. */
  readonly mediaFolder?: string;
  /** Connected browsers and their processes; default: 10 in one process. */
  readonly browsers?: BrowserPlan;
}

/** A running Chowda with one pipeline, with the means to observe it. */
export interface Chowda {
  readonly api: ApiClient;
  /** The connection of the bench. */
  readonly link: NatsLink;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly apps: AppServer;
  /** Slugs of the pipeline's apps. */
  readonly slugs: readonly string[];
  /** Process IDs by name: servers, services, and the process `apps`. */
  readonly pids: Readonly<Record<string, number>>;
  /** Browsers that watch every batch. */
  readonly watchers: Watchers;
  /** Start of the worker, Unix time in ms. */
  readonly workerStarted: number;
  /** Kills the worker with SIGKILL and starts another one. */
  replaceWorker(): Promise<void>;
  cpu(): CpuTimes;
}

/** Starts servers, services and apps, and creates the pipeline; everything stops at the end of the part. */
export async function startChowda(bench: Workbench, plan: ChowdaPlan): Promise<Chowda> {
  const [database, broker] = [await startDatabase(bench, plan.name), await startBroker(bench, plan.name)];
  const apps = await startAppServer(bench, plan.apps);
  const accessToken = randomBytes(24).toString('hex');
  const [httpPort, livePort] = [await freePort(), await freePort()];
  const environments = serviceEnvironments({
    databaseUrl: database.url,
    natsUrl: broker.url,
    httpPort,
    livePort,
    demoAppsPort: 0,
    accessToken,
    signInCode: randomBytes(24).toString('hex'),
    mediaFolders: [plan.mediaFolder ?? repositoryRoot],
    webFolder: join(repositoryRoot, 'dist', 'web'),
  });
  const pids: Record<string, number> = { 'nats-server': broker.pid, postgres: database.pid, apps: apps.pid };
  const start = async (name: ServiceName, script = serviceScript(name), more: Record<string, string> = {}) => {
    const environment = { ...inheritedEnvironment(process.env), ...environments[name], ...more };
    const service = { name, script, nodeArguments: nodeArguments(name), environment, logFolder: bench.logFolder };
    const running = bench.keep(name, await bench.step(`Starting ${name}`, () => startNodeService(service)));
    pids[name] = running.pid;
    return running;
  };
  await start('scheduler', serviceScript('scheduler'), plan.ackWait ? { ACK_WAIT: String(plan.ackWait) } : {});
  await start('notifier');
  await start('gateway');
  const workerStarted = Date.now();
  const startWorker = () =>
    plan.worker === 'http'
      ? start('worker')
      : start('worker', processScript('no-op-worker'), { NO_OP_APPS: JSON.stringify(plan.apps) });
  let worker = await startWorker();
  const replaceWorker = async () => {
    worker.kill();
    await worker.exited;
    worker = await startWorker();
  };

  const webUrl = `http://127.0.0.1:${httpPort}`;
  const api = new ApiClient(webUrl, accessToken);
  const slugs = await bench.step('Registering the apps', () => savePipeline(api, apps.urls, plan.concurrency));
  const link = await NatsLink.connect(broker.url, 'bench', createLogger('bench', 'silent'));
  bench.defer(() => link.close());
  const watchers = await connectWatchers(bench, { webUrl, accessToken }, plan.browsers ?? FEW_BROWSERS);
  const [databaseUrl, natsUrl, cpu] = [database.url, broker.url, () => readCpu(pids)];
  return { api, link, databaseUrl, natsUrl, apps, slugs, pids, watchers, workerStarted, replaceWorker, cpu };
}

/** Registers the apps and creates a pipeline of them; returns their slugs. */
export async function savePipeline(api: ApiClient, urls: readonly string[], concurrency: number): Promise<string[]> {
  const slugs: string[] = [];
  for (const url of urls) slugs.push((await api.post('/api/apps', { url, concurrency }, appSchema)).slug);
  await until('The registration of the apps', READY_WITHIN, async () => {
    const known = await api.list('/api/apps', appSchema);
    return slugs.every((slug) => known.some((app) => app.slug === slug && app.ready));
  });
  await api.post('/api/pipelines', { name: PIPELINE, stages: slugs.map((app) => ({ app })) }, pipelineSchema);
  return slugs;
}
