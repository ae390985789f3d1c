import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  ApiClient,
  createDatabase,
  freePort,
  inheritedEnvironment,
  launchNodeService,
  type NatsProgram,
  type NodeScript,
  repositoryRoot,
  runNodeScript,
  serviceEnvironments,
  type ServiceName,
  nodeArguments,
  serviceScript,
  startNodeService,
  startPostgres,
  Supervisor,
  until,
} from '#deploy/local';
import { NatsLink } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import { keepNatsServers, natsNames } from './nats-servers.js';
import type { ProcessKind } from './plan.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const PROBE_WITHIN = 2 * SECOND;

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, nth) => `${name}-${nth + 1}`);

export interface ChaosStackOptions {
  readonly program: NatsProgram;
  readonly servers: number;
  readonly workers: number;
  /** One leader, the others are standbys. */
  readonly schedulers: number;
  /** Folder for all state. */
  readonly folder: string;
  /** Seconds without a heartbeat after which a stage is redelivered. */
  readonly ackWait: number;
  /** Receives one sentence when a process ends or restarts. */
  readonly onEvent: (sentence: string) => void;
}

/** A complete Chowda in real processes, which are restarted when they end. */
export class ChaosStack {
  private readonly supervisor: Supervisor;
  private readonly healthPorts = new Map<string, number>();
  private readonly names: Record<ProcessKind, readonly string[]>;
  readonly mediaFolder: string;
  webUrl = '';
  natsUrl = '';
  readonly accessToken = randomBytes(24).toString('hex');
  api!: ApiClient;
  /** The connection of this program. */
  link!: NatsLink;
  private environments!: ReturnType<typeof serviceEnvironments>;

  private constructor(private readonly options: ChaosStackOptions) {
    this.supervisor = new Supervisor(options.onEvent);
    this.mediaFolder = join(options.folder, 'media');
    this.names = {
      worker: numbered('worker', options.workers),
      scheduler: numbered('scheduler', options.schedulers),
      notifier: ['notifier'],
      gateway: ['gateway'],
      'nats-server': natsNames(options.servers),
      postgres: ['postgres'],
    };
  }

  /** Starts all processes in order; if a step fails, stops the processes that run. */
  static async start(options: ChaosStackOptions): Promise<ChaosStack> {
    const stack = new ChaosStack(options);
    try {
      await stack.startParts();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.link?.close();
    await this.supervisor.stop();
  }

  /** Sends SIGKILL to all processes. */
  killAll(): void {
    this.supervisor.killAll();
  }

  /** Names of the processes of a kind. */
  processes(kind: ProcessKind): readonly string[] {
    return this.names[kind];
  }

  /** The ID of a process; undefined while it restarts. */
  pid(name: string): number | undefined {
    return this.supervisor.pids()[name];
  }

  /** The leading scheduler, as the health ports report it. Undefined while there is none. */
  async leader(): Promise<string | undefined> {
    for (const [name, port] of this.healthPorts) {
      const signal = AbortSignal.timeout(PROBE_WITHIN);
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal }).catch(() => null);
      const health = (await answer?.json().catch(() => null)) as { role?: string } | null | undefined;
      if (health?.role === 'leader') return name;
    }
    return undefined;
  }

  /** The built script of a service with its environment; `more` adds variables. */
  service(kind: ServiceName, name: string, more: Readonly<Record<string, string>> = {}): NodeScript {
    const { ackWait, servers, folder } = this.options;
    const broker = kind === 'scheduler' ? { ACK_WAIT: String(ackWait), NATS_REPLICAS: String(servers) } : {};
    const environment = { ...inheritedEnvironment(process.env), ...this.environments[kind], ...broker, ...more };
    return {
      name,
      script: serviceScript(kind),
      nodeArguments: nodeArguments(kind),
      environment,
      logFolder: join(folder, 'logs'),
    };
  }

  private async startParts(): Promise<void> {
    const { folder } = this.options;
    const logFolder = join(folder, 'logs');
    const databaseUrl = await this.startDatabase(logFolder);
    this.natsUrl = await keepNatsServers(this.supervisor, { ...this.options, dataFolder: folder, logFolder });
    this.link = await NatsLink.connect(this.natsUrl, 'chaos', createLogger('chaos', 'silent'));
    await until('The readiness of JetStream', MINUTE, async () => this.link.connection.jetstreamManager());

    const [httpPort, livePort] = [await freePort(), await freePort()];
    this.webUrl = `http://127.0.0.1:${httpPort}`;
    this.api = new ApiClient(this.webUrl, this.accessToken);
    this.environments = serviceEnvironments({
      databaseUrl,
      natsUrl: this.natsUrl,
      httpPort,
      livePort,
      demoAppsPort: 0,
      accessToken: this.accessToken,
      signInCode: randomBytes(24).toString('hex'),
      mediaFolders: [this.mediaFolder],
      webFolder: repositoryRoot,
    });
    await this.startSchedulers();
    const others = [
      ...this.names.worker.map((name) => this.service('worker', name, { WORKER_ID: name })),
      this.service('notifier', 'notifier'),
      this.service('gateway', 'gateway'),
    ];
    await Promise.all(
      others.map((other) => this.supervisor.keep({ name: other.name, start: () => startNodeService(other) })),
    );
  }

  private async startSchedulers(): Promise<void> {
    for (const name of this.names.scheduler) {
      const port = await freePort();
      this.healthPorts.set(name, port);
      const scheduler = this.service('scheduler', name, { HEALTH_PORT: String(port) });
      await this.supervisor.keep({ name, start: () => Promise.resolve(launchNodeService(scheduler)) });
    }
    if (this.healthPorts.size > 0) await until('The start of a leader', MINUTE, () => this.leader());
  }

  private async startDatabase(logFolder: string): Promise<string> {
    const port = await freePort();
    const dataFolder = join(this.options.folder, 'postgres');
    let url = '';
    const start = async () => {
      const server = await startPostgres({ dataFolder, logFolder, port });
      ({ url } = server);
      return server;
    };
    await this.supervisor.keep({ name: 'postgres', start });
    const databaseUrl = await createDatabase(url, 'chowda');
    await runNodeScript({
      name: 'migrate',
      script: join(repositoryRoot, 'dist', 'libs', 'database', 'src', 'migrate.js'),
      environment: { ...inheritedEnvironment(process.env), DATABASE_URL: databaseUrl },
      logFolder,
    });
    return databaseUrl;
  }
}
