import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { MAX_MESSAGE_BYTES, STREAMS } from '#libs/contracts';
import { loadConfig, postgresConfig } from '#libs/runtime';
import { nodeArguments } from '#deploy/local';
import { demoAppsConfig } from '../../services/demo-apps/src/demo-apps.config.js';
import { gatewayConfig } from '../../services/gateway/src/gateway.config.js';
import { notifierConfig } from '../../services/notifier/src/notifier.config.js';
import { schedulerConfig } from '../../services/scheduler/src/scheduler.config.js';
import { workerConfig } from '../../services/worker/src/worker.config.js';
import { composeServices } from './compose-file.fixture.js';

const SECRETS = {
  ACCESS_TOKEN: 'a'.repeat(48),
  SIGN_IN_CODE: 'b'.repeat(48),
  POSTGRES_PASSWORD: 'c'.repeat(48),
};
const SCHEMAS: Readonly<Record<string, z.ZodObject>> = {
  migrate: z.object(postgresConfig),
  scheduler: schedulerConfig,
  worker: workerConfig,
  notifier: notifierConfig,
  gateway: gatewayConfig,
  'demo-apps': demoAppsConfig,
};
/** Variables of the image `postgres` itself. */
const POSTGRES_VARIABLES = ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD'];
const IMAGE_FOLDER = '/app';

const services = composeServices(SECRETS);
const ours = Object.entries(services).filter(([, { image }]) => image === 'chowda');
const names = ours.map(([name]) => name);
const environmentOf = (name: string) => services[name]!.environment ?? {};
const configOf = (name: string) => loadConfig(SCHEMAS[name]!, environmentOf(name));

/** The source of a file in the image: built code comes from TypeScript, other files are copied. */
const sourceOf = (file: string) =>
  file.startsWith('dist/') ? file.replace(/^dist\//, '').replace(/\.js$/, '.ts') : file;
const filesNamedIn = (line: readonly string[] = []) => line.filter((word) => /\.m?js$/.test(word));

describe('docker-compose.yml', () => {
  it('runs every part of Chowda', () => {
    expect(new Set(names)).toEqual(new Set(Object.keys(SCHEMAS)));
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['postgres', 'nats']));
  });

  it.each(ours)('starts %s and checks its health with files that exist in the image', (_name, service) => {
    const files = [...filesNamedIn(service.command), ...filesNamedIn(service.healthcheck?.test)];
    expect(files.length).toBeGreaterThan(0);
    expect(files.map(sourceOf).filter((file) => !existsSync(file))).toEqual([]);
  });

  it.each(ours)('starts %s with the Node options of `npm start`', (name, { command = [] }) => {
    expect(command.filter((word) => word.startsWith('--'))).toEqual(nodeArguments(name));
  });

  it.each(names)('sets a complete configuration for %s', (name) => {
    expect(() => configOf(name)).not.toThrow();
  });

  it.each(names)('sets only variables that %s reads', (name) => {
    expect(Object.keys(environmentOf(name)).filter((variable) => !(variable in SCHEMAS[name]!.shape))).toEqual([]);
  });

  it('gives the worker more time to stop than its calls in progress', () => {
    const grace = workerConfig.parse(environmentOf('worker')).SHUTDOWN_GRACE;
    expect(Number.parseInt(services['worker']!.stop_grace_period!, 10)).toBeGreaterThanOrEqual(grace + 10);
  });

  it('sets only variables of the image for Postgres', () => {
    expect(new Set(Object.keys(environmentOf('postgres')))).toEqual(new Set(POSTGRES_VARIABLES));
  });

  it('sets the database URL and the access token only for the services that need them', () => {
    const holders = (variable: string) => names.filter((name) => variable in environmentOf(name)).sort();
    expect(holders('DATABASE_URL')).toEqual(['gateway', 'migrate', 'scheduler']);
    expect(holders('ACCESS_TOKEN')).toEqual(['gateway', 'notifier']);
  });

  it.each(Object.keys(SECRETS))('requires %s and names the command that creates it', (secret) => {
    expect(() => composeServices({ ...SECRETS, [secret]: '' })).toThrow(
      `${secret}: Run "sh deploy/docker/make-secrets.sh" first`,
    );
  });

  it('publishes only the web page, on the loopback address', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['gateway', '127.0.0.1:8080:8080']]);
  });

  it('gives every service the address that the others use', () => {
    const gateway = configOf('gateway');
    expect(gateway).toMatchObject({ HOST: '0.0.0.0', PORT: 8080 });
    expect(gateway['LIVE_URL']).toBe(`http://notifier:${String(configOf('notifier')['PORT'])}`);
    expect(gateway['APP_HOSTS']).toContain('demo-apps');
  });

  it.each(names.filter((name) => name !== 'migrate'))('checks the health of %s on its port', (name) => {
    const { HEALTH_PORT, PORT } = environmentOf(name);
    expect(services[name]!.healthcheck?.test.at(-1)).toBe(HEALTH_PORT ?? PORT);
  });

  it('starts users of the database after the migration, and users of the streams after the scheduler', () => {
    expect(services['scheduler']!.depends_on).toMatchObject({
      migrate: { condition: 'service_completed_successfully' },
      nats: { condition: 'service_healthy' },
    });
    for (const name of ['worker', 'notifier', 'gateway']) {
      expect(services[name]!.depends_on).toMatchObject({ scheduler: { condition: 'service_healthy' } });
    }
  });

  it('mounts MEDIA_FOLDER in gateway and apps under the same path', () => {
    const media = composeServices({ ...SECRETS, MEDIA_FOLDER: '/archive' });
    expect(media['gateway']!.volumes).toEqual(['/archive:/media:ro']);
    expect(media['demo-apps']!.volumes).toEqual(media['gateway']!.volumes);
    expect(configOf('gateway')['MEDIA_FOLDERS']).toEqual([`${IMAGE_FOLDER}/services/demo-apps/media`, '/media']);
  });

  it('registers the demo apps on the ports they listen on', () => {
    const first = Number(environmentOf('demo-apps')['PORT']);
    const script = readFileSync('deploy/docker/load-samples.mjs', 'utf8');
    for (const port of [first, first + 1, first + 2]) expect(script).toContain(`'http://demo-apps:${port}'`);
  });
});

const compose = (...args: string[]) =>
  spawnSync('docker', ['compose', ...args], { encoding: 'utf8', env: { ...process.env, ...SECRETS } });
const hasClient = compose('version').status === 0;

if (hasClient) {
  describe('docker compose config', () => {
    it('accepts docker-compose.yml', () => {
      expect(compose('--file', 'docker-compose.yml', 'config', '--quiet')).toMatchObject({ status: 0 });
    });
  });
} else {
  process.stderr.write('docker compose is not installed: docker-compose.yml was not checked with it.\n');
}

describe('nats.conf', () => {
  const text = readFileSync('deploy/docker/nats.conf', 'utf8');
  const units = { MB: 1024 ** 2, GB: 1024 ** 3 };
  const limit = (name: string) => {
    const [, number, unit] = new RegExp(`${name}: (\\d+)(MB|GB)`).exec(text)!;
    return Number(number) * units[unit as keyof typeof units];
  };
  const streams = Object.values(STREAMS);
  const sum = (storage: 'file' | 'memory') =>
    streams.filter((stream) => stream.storage === storage).reduce((total, { maxBytes }) => total + maxBytes, 0);

  it('allows the largest message of every stream', () => {
    const largest = Math.max(MAX_MESSAGE_BYTES, ...streams.map(({ maxMessageBytes }) => maxMessageBytes));
    expect(limit('max_payload')).toBeGreaterThan(largest);
  });

  it('has store limits above the sum of the streams', () => {
    expect(limit('max_file_store')).toBeGreaterThan(sum('file'));
    expect(limit('max_memory_store')).toBeGreaterThan(sum('memory'));
  });

  it('stores the streams in the volume', () => {
    const folder = /store_dir: (\S+)/.exec(text)![1];
    expect(services['nats']!.volumes).toContain(`nats:${folder}`);
  });
});
