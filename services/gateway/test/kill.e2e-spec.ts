import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, inheritedEnvironment, type RunningProcess, serviceScript, startNodeService } from '#deploy/local';
import { type ScriptedApp, startScriptedApp, startTestNats, type TestNats, testFolder, waitFor } from '#libs/testing';
import type { BatchView, Page } from '#libs/contracts';
import { type Answer, HttpClient } from './http-client.js';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];
/** Arbitrary: whoever holds this lock stops those who come to the place of the trigger. */
const STOP = 4711;
const MINUTE = 60_000;

let nats: TestNats;
let seed: TestGateway;
let scripted: ScriptedApp;
let postgres: pg.Client;
let folder: string;

beforeAll(async () => {
  nats = await startTestNats();
  seed = await TestGateway.start();
  scripted = await startScriptedApp({ name: 'shots' });
  const app = await seed.readyApp(scripted.url);
  await seed.client.post('/api/pipelines', { name: 'shots', stages: [{ app }] });
  await seed.mediaFiles(GUIDS);
  folder = await testFolder('killed-gateway');
  postgres = new pg.Client({ connectionString: seed.databaseUrl });
  await postgres.connect();
  await postgres.query(`
    create function stop_here() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(${STOP}); return new; end $$`);
}, MINUTE);
afterAll(async () => {
  await postgres.end();
  await Promise.all([seed.close(), scripted.close(), nats.stop()]);
}, MINUTE);

/** A gateway in a process of its own. */
async function startGateway(): Promise<{ process: RunningProcess; client: HttpClient }> {
  const port = await freePort();
  const process_ = await startNodeService({
    name: `gateway-${port}`,
    script: serviceScript('gateway'),
    logFolder: folder,
    environment: {
      ...inheritedEnvironment(process.env),
      LOG_LEVEL: 'warn',
      NATS_URL: nats.url,
      DATABASE_URL: seed.databaseUrl,
      ACCESS_TOKEN,
      HOST: '127.0.0.1',
      PORT: String(port),
      MEDIA_FOLDERS: seed.mediaFolder,
      WEB_FOLDER: join(folder, 'web'),
    },
  });
  return {
    process: process_,
    client: new HttpClient(`http://127.0.0.1:${port}`, { authorization: `Bearer ${ACCESS_TOKEN}` }),
  };
}

const isStopped = async () => {
  const { rows } = await postgres.query(
    "select 1 from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
    [STOP],
  );
  return rows.length > 0;
};

/** Kills a gateway at the statement that fires the trigger, sends the command again to another one, and returns what it says. */
async function killedAt(place: string, send: (client: HttpClient) => Promise<Answer>): Promise<Answer> {
  await postgres.query(`create trigger stop_here before ${place} for each row execute function stop_here()`);
  await postgres.query('select pg_advisory_lock($1)', [STOP]);
  const first = await startGateway();
  const broken = send(first.client).then(
    () => 'answered',
    () => 'broken off',
  );
  await waitFor(isStopped, { what: `The gateway being at ${place}` });
  first.process.kill();
  expect(await broken).toBe('broken off');
  await postgres.query('select pg_advisory_unlock($1)', [STOP]);
  await postgres.query(`drop trigger stop_here on ${place.split(' on ')[1]}`);
  const second = await startGateway();
  const answer = await send(second.client);
  const repeated = await send(second.client);
  expect([repeated.status, repeated.bytes.toString()]).toEqual([answer.status, answer.bytes.toString()]);
  expect(repeated.headers).toHaveProperty('idempotency-replayed', 'true');
  await second.process.stop();
  return answer;
}

const batchesNamed = async (name: string) =>
  ((await seed.client.get('/api/batches?limit=200')).body as Page<BatchView>).items.filter(
    (batch) => batch.name === name,
  );

describe('a gateway that is killed in the middle of a command', () => {
  it.each(['insert on command_keys', 'insert on batches', 'insert on runs', 'update on command_keys'])(
    'leaves a batch that can be created with the same key, once: at %s',
    async (place) => {
      const name = `killed at ${place}`;
      const headers = { 'idempotency-key': randomUUID() };
      const body = { name, pipeline: 'shots', files: GUIDS };
      const answer = await killedAt(place, (client) => client.post('/api/batches', body, headers));
      expect(answer).toMatchObject({ status: 201, body: { name, files: 3 } });
      expect(answer.headers).not.toHaveProperty('idempotency-replayed');
      expect(await batchesNamed(name)).toHaveLength(1);
    },
    2 * MINUTE,
  );

  it.each(['update on batches', 'update on command_keys'])(
    'leaves a draft that can be started with the same key, once: at %s',
    async (place) => {
      const { id } = await seed.draft('shots', GUIDS);
      const headers = { 'idempotency-key': randomUUID() };
      const answer = await killedAt(place, (client) => client.post(`/api/batches/${id}/start`, undefined, headers));
      expect(answer).toMatchObject({ status: 202, body: { id, summary: { state: 'running', version: 1 } } });
    },
    2 * MINUTE,
  );

  it(
    'has nothing of an import that it was in, and imports it once with the same key',
    async () => {
      const headers = { 'idempotency-key': randomUUID(), 'content-type': 'text/plain' };
      const before = await postgres.query('select 1 from imports');
      const answer = await killedAt('insert on import_lines', (client) =>
        client.post('/api/media-files/imports', GUIDS.join('\n'), headers),
      );
      expect(answer).toMatchObject({ status: 201, body: { counts: { present: 3 } } });
      expect((await postgres.query('select 1 from imports')).rowCount).toBe((before.rowCount ?? 0) + 1);
    },
    2 * MINUTE,
  );
});
