import { delimiter } from 'node:path';

/** Where the parts of the local stack find each other. */
export interface StackAddresses {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly httpPort: number;
  readonly livePort: number;
  readonly demoAppsPort: number;
  readonly accessToken: string;
  readonly signInCode: string;
  readonly mediaFolders: readonly string[];
  readonly webFolder: string;
}

/** The services in the order they are started. */
export const SERVICES = ['demo-apps', 'scheduler', 'worker', 'notifier', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The configuration of every service on one machine: each gets what it needs and no more. */
export function serviceEnvironments(addresses: StackAddresses): Record<ServiceName, Record<string, string>> {
  const { databaseUrl, natsUrl, httpPort, livePort, demoAppsPort, accessToken, signInCode } = addresses;
  const host = '127.0.0.1';
  const nats = { NATS_URL: natsUrl };
  const database = { DATABASE_URL: databaseUrl };
  return {
    'demo-apps': { HOST: host, PORT: String(demoAppsPort) },
    scheduler: { ...nats, ...database },
    worker: nats,
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

/** The origins under which a browser on this machine reaches the web client. */
export const webOrigins = (httpPort: number): string[] => [
  `http://127.0.0.1:${httpPort}`,
  `http://localhost:${httpPort}`,
];

/** Variables that no process may get by accident from the shell in which the stack is started. */
const NOT_INHERITED = ['DATABASE_URL', 'NATS_URL', 'HOST', 'PORT', 'HEALTH_PORT', 'ACCESS_TOKEN', 'SIGN_IN_CODE'];

/** What every process inherits of the environment of the start. */
export const inheritedEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !NOT_INHERITED.includes(name)));
