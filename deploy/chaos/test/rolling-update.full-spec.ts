import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import {
  ApiClient,
  freePort,
  inheritedEnvironment,
  launchNodeService,
  nodeArguments,
  repositoryRoot,
  runNodeScript,
  serviceEnvironments,
  type ServiceName,
} from '#deploy/local';
import { batchSchema } from '#libs/contracts';
import {
  createTestDatabase,
  type ScriptedApp,
  startScriptedApp,
  startTestNats,
  type TestDatabase,
  testFolder,
  type TestNats,
  waitFor,
} from '#libs/testing';
import { addMediaFiles, createBatch, savePipeline } from '../src/definitions.js';
import { previousRelease } from '../src/previous-release.js';

const MINUTE = 60_000;
const FILES = 60;
const ACK_WAIT = '5';

type Release = 'old' | 'new';
type Service = ReturnType<typeof launchNodeService>;

let old: string | null;
let folder: string;
let database: TestDatabase;
let nats: TestNats;
let apps: ScriptedApp[];
let api: ApiClient;
let environments: ReturnType<typeof serviceEnvironments>;
const services = new Map<string, Service>();

beforeAll(async () => {
  old = await previousRelease();
  folder = await testFolder('rolling');
  database = await createTestDatabase();
  nats = await startTestNats();
  apps = [];
  for (const name of ['first', 'second'])
    apps.push(await startScriptedApp({ name, script: () => ({ kind: 'ok', slowMs: 100 }) }));
  const accessToken = randomBytes(24).toString('hex');
  const httpPort = await freePort();
  environments = serviceEnvironments({
    databaseUrl: database.url,
    natsUrl: nats.url,
    httpPort,
    livePort: await freePort(),
    demoAppsPort: 0,
    accessToken,
    signInCode: randomBytes(24).toString('hex'),
    mediaFolders: [join(folder, 'media')],
    webFolder: repositoryRoot,
  });
  api = new ApiClient(`http://127.0.0.1:${httpPort}`, accessToken);
}, 10 * MINUTE);

afterAll(async () => {
  for (const service of services.values()) service.kill();
  await Promise.all([...services.values()].map(({ exited }) => exited));
  await Promise.all(apps.map((app) => app.close()));
  await nats.stop();
  await database.drop();
});

const rootOf = (release: Release) => (release === 'old' ? old! : repositoryRoot);

function start(release: Release, kind: ServiceName): Service {
  const name = `${release}-${kind}`;
  const more = { worker: { WORKER_ID: name }, scheduler: { ACK_WAIT } }[kind as string] ?? {};
  const service = launchNodeService({
    name,
    script: join(rootOf(release), 'dist', 'services', kind, 'src', 'main.js'),
    nodeArguments: nodeArguments(kind),
    environment: { ...inheritedEnvironment(process.env), ...environments[kind], ...more },
    logFolder: folder,
  });
  services.set(name, service);
  return service;
}

const migrate = (release: Release) =>
  runNodeScript({
    name: `migrate-${release}`,
    script: join(rootOf(release), 'dist', 'libs', 'database', 'src', 'migrate.js'),
    environment: { ...inheritedEnvironment(process.env), DATABASE_URL: database.url },
    logFolder: folder,
  });

async function query<Row extends object>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function startBatch(prefix: string): Promise<{ id: number; guids: string[] }> {
  const guids = await addMediaFiles(api, join(folder, 'media'), { prefix, count: FILES });
  const { id } = await createBatch(api, 'rolling', guids);
  await api.command(`/api/batches/${id}/start`);
  return { id, guids };
}

const untilFinished = (batch: number) =>
  waitFor(async () => (await api.get(`/api/batches/${batch}`, batchSchema)).summary.state === 'finished', {
    within: 3 * MINUTE,
    what: `The end of batch ${batch}`,
  });

const doneRuns = async (batch: number) =>
  (await query<{ state: string }>(`select state from runs where batch_id = ${batch}`)).filter(
    ({ state }) => state === 'done',
  ).length;

const workersOf = async (batch: number) =>
  (
    await query<{ worker: string }>(
      `select distinct s.worker from stage_runs s join runs r on r.id = s.run_id where r.batch_id = ${batch} order by 1`,
    )
  ).map(({ worker }) => worker);

/** The number of calls of each app for a file. */
const calls = (guids: readonly string[]) => [
  ...new Set(guids.flatMap((guid) => apps.map((app) => app.callsFor(guid).length))),
];

describe('a rolling update from the previous release', () => {
  it(
    'finishes all runs, with one call per stage, while services of both releases run',
    async () => {
      if (old === null) return;
      await query('drop schema public cascade');
      await query('create schema public');
      await migrate('old');
      const oldScheduler = start('old', 'scheduler');
      start('old', 'worker');
      await waitFor(async () => (await query('select 1 from leader where epoch > 0')).length > 0, { within: MINUTE });
      await migrate('new');
      // As after the migrations of a release that follows: the new services start on them.
      await query("insert into schema_migrations (timestamp, name) values (9999999999999, 'Later')");
      await query("insert into schema_compatibility (migration) values ('Later')");
      start('new', 'worker');
      start('new', 'gateway');
      await waitFor(() => api.list('/api/batches', batchSchema).then(() => true), { within: MINUTE });
      await savePipeline(
        api,
        apps.map(({ url }) => url),
        { name: 'rolling', concurrency: 4 },
      );

      // The old scheduler leads; workers of both releases take stages.
      const first = await startBatch('first-');
      await untilFinished(first.id);
      expect(await doneRuns(first.id)).toBe(FILES);
      expect(calls(first.guids)).toEqual([1]);
      expect(await workersOf(first.id)).toEqual(['new-worker', 'old-worker']);

      // The new scheduler takes over in the middle of a batch.
      const second = await startBatch('second-');
      start('new', 'scheduler');
      await waitFor(async () => (await doneRuns(second.id)) > FILES / 4, { within: MINUTE });
      oldScheduler.kill();
      await untilFinished(second.id);
      expect(await doneRuns(second.id)).toBe(FILES);
      expect(calls(second.guids)).toEqual([1]);
      expect(await workersOf(second.id)).toEqual(['new-worker', 'old-worker']);
    },
    10 * MINUTE,
  );
});
