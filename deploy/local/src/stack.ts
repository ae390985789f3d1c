import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNodeScript, startNodeService } from './node-service.js';
import { stopServersIn } from './orphan.js';
import { DEMO_APPS, keepPorts } from './ports.js';
import { nodeArguments, repositoryRoot, sampleMediaFolder, serviceScript } from './repository.js';
import { keepSecret, randomSecret } from './secrets.js';
import { inheritedEnvironment, serviceEnvironments, type ServiceName, START_ORDER } from './stack-environment.js';
import { keepNats, keepPostgres } from './stack-servers.js';
import { storeSpaceGib } from './store-space.js';
import { Supervisor } from './supervisor.js';

export interface StackOptions {
  /** Absolute folder for all state. */
  readonly dataFolder: string;
  readonly httpPort: number;
  /** URL of a running NATS server; default: an embedded one. */
  readonly natsUrl?: string | undefined;
  /** URL of a Postgres database; default: an embedded server. */
  readonly databaseUrl?: string | undefined;
  /** Environment that every process inherits; addresses and secrets are removed. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Receives one sentence about each step and each later event. */
  readonly onEvent: (sentence: string) => void;
  /** Aborts a start in progress and stops the started processes. */
  readonly signal?: AbortSignal;
}

/** The running stack. */
export interface Stack {
  readonly webUrl: string;
  readonly signInUrl: string;
  readonly natsUrl: string;
  readonly accessToken: string;
  readonly tokenFile: string;
  readonly logFolder: string;
  /** URLs of the demo apps. */
  readonly demoApps: readonly string[];
  /** Process IDs by name. */
  pids(): Record<string, number>;
  /** Stops everything in order. */
  stop(): Promise<void>;
  /** Sends SIGKILL to all processes. */
  kill(): void;
}

/** Starts all processes in order and keeps them running; if a step fails, stops the processes that run. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const supervisor = new Supervisor(options.onEvent);
  options.signal?.addEventListener('abort', () => void supervisor.stop(), { once: true });
  try {
    return await startParts(options, supervisor);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

async function startParts(options: StackOptions, supervisor: Supervisor): Promise<Stack> {
  const { dataFolder, httpPort, onEvent } = options;
  const environment = inheritedEnvironment(options.environment);
  const logFolder = join(dataFolder, 'logs');
  const mediaFolder = join(dataFolder, 'media');
  const tokenFile = join(dataFolder, 'token');
  await mkdir(mediaFolder, { recursive: true });
  // Servers of a killed start still use their ports.
  await stopServersIn(dataFolder);
  const ports = await keepPorts(join(dataFolder, 'ports.json'));
  const accessToken = await keepSecret(tokenFile);
  const signInCode = randomSecret();

  const servers = { dataFolder, logFolder, environment, onEvent };
  const databaseUrl = options.databaseUrl ?? (await keepPostgres(supervisor, servers));
  await runNodeScript({
    name: 'migrate',
    script: join(repositoryRoot, 'dist', 'libs', 'database', 'src', 'migrate.js'),
    environment: { ...environment, DATABASE_URL: databaseUrl },
    logFolder,
  });
  const natsUrl = options.natsUrl ?? (await keepNats(supervisor, ports.nats, servers));
  const environments = serviceEnvironments({
    databaseUrl,
    natsUrl,
    natsStoreGib: options.natsUrl === undefined ? await storeSpaceGib(join(dataFolder, 'nats')) : undefined,
    httpPort,
    livePort: ports.live,
    demoAppsPort: ports.demoApps,
    accessToken,
    signInCode,
    mediaFolders: [sampleMediaFolder, mediaFolder],
    webFolder: join(repositoryRoot, 'dist', 'web'),
  });
  const keepService = async (name: ServiceName) => {
    const service = {
      name,
      script: serviceScript(name),
      nodeArguments: nodeArguments(name),
      environment: { ...environment, ...environments[name] },
      logFolder,
    };
    await supervisor.keep({ name, start: () => startNodeService(service) });
    onEvent(`Started ${name}.`);
  };
  for (const names of START_ORDER) await Promise.all(names.map(keepService));
  const webUrl = `http://127.0.0.1:${httpPort}`;
  // The CLI reads the address from this file, because the port is configurable.
  await writeFile(join(dataFolder, 'address'), `${webUrl}\n`);
  return {
    webUrl,
    signInUrl: `${webUrl}/sign-in?code=${signInCode}`,
    natsUrl,
    accessToken,
    tokenFile,
    logFolder,
    demoApps: Array.from({ length: DEMO_APPS }, (_, offset) => `http://127.0.0.1:${ports.demoApps + offset}`),
    pids: () => supervisor.pids(),
    stop: () => supervisor.stop(),
    kill: () => supervisor.killAll(),
  };
}
