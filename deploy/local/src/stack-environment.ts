import { delimiter } from 'node:path';

/** Addresses, secrets and folders that the processes of the local stack share. */
export interface StackAddresses {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** Disk space for the streams of the own NATS server; undefined for another server. */
  readonly natsStoreGib?: number | undefined;
  readonly httpPort: number;
  readonly livePort: number;
  readonly demoAppsPort: number;
  readonly accessToken: string;
  readonly signInCode: string;
  readonly mediaFolders: readonly string[];
  readonly webFolder: string;
}

/** The services in start order; those of one line start at the same time. */
export const START_ORDER = [
  // The scheduler creates the streams and buckets that the others use.
  ['demo-apps', 'scheduler'],
  ['worker', 'notifier', 'gateway'],
] as const;
export const SERVICES = START_ORDER.flat();
export type ServiceName = (typeof SERVICES)[number];

/** The environment of each service; each receives only the variables that it needs. */
export function serviceEnvironments(addresses: StackAddresses): Record<ServiceName, Record<string, string>> {
  const { databaseUrl, natsUrl, httpPort, livePort, demoAppsPort, accessToken, signInCode } = addresses;
  const host = '127.0.0.1';
  const nats = { NATS_URL: natsUrl };
  const database = { DATABASE_URL: databaseUrl };
  return {
    'demo-apps': { HOST: host, PORT: String(demoAppsPort) },
    scheduler: {
      ...nats,
      ...database,
      ...(addresses.natsStoreGib === undefined ? {} : { NATS_STORE_GIB: String(addresses.natsStoreGib) }),
    },
    // Ctrl-C must not take long; stages that are returned to the queue do not count as calls.
    worker: { ...nats, SHUTDOWN_GRACE: '4' },
    notifier: {
      ...nats,
      HOST: host,
      PORT: String(livePort),
      ACCESS_TOKEN: accessToken,
      ALLOWED_ORIGINS: webOrigins(httpPort).join(','),
    },
    gateway: {
      ...nats,
      ...database,
      HOST: host,
      PORT: String(httpPort),
      ACCESS_TOKEN: accessToken,
      SIGN_IN_CODE: signInCode,
      MEDIA_FOLDERS: addresses.mediaFolders.join(delimiter),
      APP_HOSTS: `${host},localhost`,
      LIVE_URL: `http://${host}:${livePort}`,
      WEB_FOLDER: addresses.webFolder,
    },
  };
}

/** The origins of the web client for a browser on this machine. */
export const webOrigins = (httpPort: number): string[] => [
  `http://127.0.0.1:${httpPort}`,
  `http://localhost:${httpPort}`,
];

/** Variables that processes must not inherit from the shell that starts the stack. */
const NOT_INHERITED = ['DATABASE_URL', 'NATS_URL', 'HOST', 'PORT', 'HEALTH_PORT', 'ACCESS_TOKEN', 'SIGN_IN_CODE'];

/** The part of the environment that every process inherits. */
export const inheritedEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !NOT_INHERITED.includes(name)));
