import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import {
  createTestDatabase,
  startTestNats,
  type TestDatabase,
  type TestNats,
  testFolder,
  waitFor,
} from '#libs/testing';

const DOCUMENTS = 10_000;
/** Converting takes much longer than sending, so fewer documents suffice. */
const CONVERTED = 500;
const FEW = 100;
const MEBIBYTE = 1024 * 1024;
/** Limit of memory growth of the process during an export. */
const ROOM_MIB = 150;
const TOKEN = 'integration-'.repeat(4);

/** A transcript of about 200 KB. */
const document = Buffer.from(
  JSON.stringify({
    metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
    documents: [],
    views: [
      {
        id: 'v_0',
        metadata: { app: 'asr', contains: {} },
        annotations: Array.from({ length: 1000 }, (_, n) => ({
          '@type': 'http://mmif.clams.ai/vocabulary/TimeFrame/v5',
          properties: { id: `tf_${n}`, start: n, end: n + 1, note: createHash('sha256').update(`${n}`).digest('hex') },
        })),
      },
    ],
  }),
);

/** A batch of finished runs, each with its own document. */
async function seed(client: Client, batch: number, files: number): Promise<void> {
  await client.query(
    `insert into batches (name, pipeline_version_id, state, created_by, finished_at) values ($1, 1, 'finished', 'x', now())`,
    [`batch ${batch}`],
  );
  await client.query(`insert into runs (batch_id, row, media_file_id, state, next_index)
    select ${batch}, n - 1, n, 'done', 1 from generate_series(1, ${files}) n`);
  await client.query(
    `insert into documents (sha256, bytes, encoding, content, stored_bytes)
     select encode(sha256(('${batch}/' || n)::bytea), 'hex'), $1, 'gzip', $2, octet_length($2) from generate_series(1, ${files}) n`,
    [document.length, gzipSync(document)],
  );
  await client.query(`insert into stage_runs (run_id, index, state, generation, root, delivery, rank, document)
    select r.id, 0, 'done', 1, 1, 1, 2, encode(sha256((r.batch_id || '/' || r.row + 1)::bytea), 'hex')
    from runs r where r.batch_id = ${batch}`);
}

const REGISTRY = `
  insert into apps (slug, name, version, identifier, url, metadata, metadata_text, metadata_sha256, concurrency, deadline_seconds)
  values ('asr_v1', 'asr', 'v1', 'x', 'http://127.0.0.1:1', '{}', '{}', '', 1, 60);
  insert into pipelines (name, description) values ('Speech', '');
  insert into pipeline_versions (pipeline_id, number) values (1, 1);
  insert into pipeline_stages (version_id, index, app_id, parameters) values (1, 0, 1, '{}');
  insert into media_files (guid, title, path, kind)
    select 'cpb-' || n, '', '/media/' || n, 'video' from generate_series(1, ${DOCUMENTS}) n;`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

describe('a gateway that exports 10,000 documents', () => {
  let database: TestDatabase;
  let nats: TestNats;
  let gateway: ChildProcess;
  let url: string;
  beforeAll(async () => {
    [database, nats] = await Promise.all([createTestDatabase(), startTestNats()]);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(REGISTRY);
    await seed(client, 1, FEW);
    await seed(client, 2, DOCUMENTS);
    await seed(client, 3, CONVERTED);
    await client.query('analyze');
    await client.end();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    gateway = spawn(process.execPath, [join('dist', 'services', 'gateway', 'src', 'main.js')], {
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        NATS_URL: nats.url,
        ACCESS_TOKEN: TOKEN,
        PORT: String(port),
        LOG_LEVEL: 'error',
        MEDIA_FOLDERS: await testFolder('media'),
      },
      stdio: 'inherit',
    });
    await waitFor(async () => (await fetch(`${url}/healthz`).catch(() => null))?.status === 200, { within: 60_000 });
  }, 300_000);
  afterAll(async () => {
    gateway.kill();
    await once(gateway, 'exit');
    await Promise.all([database.drop(), nats.stop()]);
  });

  /** Peak memory of the process so far. */
  const peak = async (): Promise<number> =>
    Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${gateway.pid}/status`, 'utf8'))![1]) / 1024;

  async function download(batch: number, formats: string): Promise<number> {
    const answer = await fetch(`${url}/api/batches/${batch}/export?formats=${formats}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(answer.status).toBe(200);
    let bytes = 0;
    for await (const chunk of answer.body!) bytes += (chunk as Uint8Array).byteLength;
    return bytes;
  }

  it('needs no more memory than for a few, both as stored and converted', async () => {
    await download(1, 'mmif,csv');
    const before = await peak();
    const begin = performance.now();
    const bytes = await download(2, 'mmif');
    const plain = performance.now();
    const converted = await download(3, 'csv,txt');
    const after = await peak();
    const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
    process.stdout.write(
      `${DOCUMENTS} documents of ${Math.round(document.length / 1024)} KB: ${Math.round(bytes / MEBIBYTE)} MiB of MMIF in ` +
        `${seconds(begin, plain)}, ${Math.round(converted / MEBIBYTE)} MiB of ${CONVERTED} tables in ${seconds(plain, performance.now())}; ` +
        `peak memory ${Math.round(before)} MiB before, ${Math.round(after)} MiB after\n`,
    );
    expect(after - before).toBeLessThan(ROOM_MIB);
  }, 600_000);
});
