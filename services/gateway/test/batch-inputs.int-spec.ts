import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchView } from '#libs/contracts';
import { buildSourceMmif } from '#libs/mmif';
import { type ScriptedApp, startScriptedApp, testFolder } from '#libs/testing';
import { UploadedMmif } from '../src/batches/inputs/uploaded-mmif.js';
import type { HttpClient } from './http-client.js';
import { TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b'];
// A parser would change the large number and the blanks.
const MMIF = Buffer.from(
  Buffer.from(buildSourceMmif({ kind: 'video', path: '/media/a.mp4' }))
    .toString()
    .replace('"id":"d1"', '"id" : "d1", "n": 9007199254740993'),
);
const sha256 = createHash('sha256').update(MMIF).digest('hex');

let gateway: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  await gateway.prepare({ stages: 1, files: GUIDS });
});
afterAll(() => gateway.close());

const draft = async () => (await gateway.draft('shots', GUIDS)).id;
const put = (id: number, guid: string, body: unknown, headers: Record<string, string> = {}) =>
  client.send('PUT', `/api/batches/${id}/inputs/${guid}`, { body, headers });
const inputsOf = (id: number) =>
  gateway.query<{ sha256: string | null; content: Buffer | null }>(
    `select d.sha256, d.content from runs r left join documents d on d.sha256 = r.input_document
     where r.batch_id = $1 order by r.row`,
    [id],
  );

describe('an uploaded MMIF document', () => {
  it('is stored byte for byte and assigned to its file', async () => {
    const id = await draft();
    expect(await put(id, 'cpb-a', MMIF)).toMatchObject({
      status: 200,
      body: { guid: 'cpb-a', sha256, bytes: MMIF.byteLength },
    });
    expect((await put(id, 'cpb-a', MMIF, { 'content-type': 'application/vnd.mmif' })).status).toBe(200);
    expect((await put(id, 'cpb-a', gzipSync(MMIF), { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(await inputsOf(id)).toEqual([
      { sha256, content: MMIF },
      { sha256: null, content: null },
    ]);
    expect(await client.send('DELETE', `/api/batches/${id}/inputs/cpb-a`)).toMatchObject({ status: 204 });
    expect(await inputsOf(id)).toMatchObject([{ sha256: null }, { sha256: null }]);
  });

  it.each<[string, string, unknown, Record<string, string>, number, string]>([
    ['that is not valid MMIF', 'cpb-a', '{"views": []}', {}, 422, 'no-mmif'],
    ['that is not valid JSON', 'cpb-a', 'WEBVTT', {}, 422, 'no-mmif'],
    ['that is empty', 'cpb-a', '', {}, 422, 'no-mmif'],
    ['of another type', 'cpb-a', MMIF, { 'content-type': 'text/plain' }, 415, 'no-json'],
    ['for a file outside the batch', 'cpb-x', MMIF, {}, 404, 'unknown-file-of-the-batch'],
    ['for an invalid GUID', '%00', MMIF, {}, 404, 'unknown-file-of-the-batch'],
  ])('%s is rejected', async (_, guid, body, headers, status, type) => {
    const id = await draft();
    expect(await put(id, guid, body, headers)).toMatchObject({ status, body: { type: `/problems/${type}` } });
    expect(await inputsOf(id)).toMatchObject([{ sha256: null }, { sha256: null }]);
  });

  it('is rejected when it is too large or the batch was started', async () => {
    const id = await draft();
    const large = { 'content-length': String(65 * 1024 * 1024) };
    expect(await put(id, 'cpb-a', 'x', large).catch(() => ({ status: 413 }))).toMatchObject({ status: 413 });
    await client.post(`/api/batches/${id}/start`);
    expect(await put(id, 'cpb-a', MMIF)).toMatchObject({ status: 409, body: { type: '/problems/not-draft' } });
    expect(await put(999_999, 'cpb-a', MMIF)).toMatchObject({ status: 404, body: { type: '/problems/unknown-batch' } });
  });

  it('is checked in a worker thread when it is large', async () => {
    const threadFile = pathToFileURL(
      join('dist', 'services', 'gateway', 'src', 'batches', 'inputs', 'check-thread.js'),
    );
    const uploaded = new UploadedMmif(threadFile);
    const folder = await testFolder('upload');
    const spooled = async (name: string, text: string) => {
      const path = join(folder, name);
      await writeFile(path, text);
      return { path, bytes: text.length, sha256 };
    };
    const note = 'x'.repeat(300_000);
    const good = MMIF.toString().replace('"n"', `"note": "${note}", "n"`);
    expect(await uploaded.read(await spooled('good.mmif', good))).toMatchObject({ encoding: 'gzip', sha256 });
    await expect(uploaded.read(await spooled('bad.mmif', `{"note": "${note}"}`))).rejects.toMatchObject({
      problem: { status: 422 },
    });
  });
});

describe('the input of a batch', () => {
  const create = (body: object) =>
    client.post('/api/batches', { name: 'News', pipeline: 'shots', files: GUIDS, ...body });

  it('is shown, and the start is rejected with the files that lack it', async () => {
    const created = await create({ input: { kind: 'latest' } });
    expect(created).toMatchObject({ status: 201, body: { input: { kind: 'latest' } } });
    const { id } = created.body as BatchView;
    expect(await client.post(`/api/batches/${id}/start`)).toMatchObject({
      status: 422,
      body: {
        type: '/problems/missing-inputs',
        detail: expect.stringMatching(/^2 media files are without a document.*missing: 'source'.*: cpb-a, cpb-b\.$/),
      },
    });
    const input = { kind: 'latest', missing: 'source' };
    expect(await client.send('PATCH', `/api/batches/${id}`, { body: { input } })).toMatchObject({ body: { input } });
    expect(await client.post(`/api/batches/${id}/start`)).toMatchObject({ status: 202 });
    expect(await client.send('PATCH', `/api/batches/${id}`, { body: { input } })).toMatchObject({ status: 409 });
  });

  it('must exist', async () => {
    const { id } = (await create({})).body as BatchView;
    expect(await create({ input: { kind: 'stage', batch: id, stage: 1 } })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-input' },
    });
    expect(await create({ input: { kind: 'stage', batch: id, stage: 0 } })).toMatchObject({ status: 201 });
    for (const input of [{ kind: 'other' }, { kind: 'stage' }, { kind: 'latest', missing: 'skip' }])
      expect([input, (await create({ input })).status]).toEqual([input, 400]);
  });
});

describe('a pipeline that reads only the output of other apps', () => {
  const TEXT = { '@type': 'http://mmif.clams.ai/vocabulary/TextDocument/v1', required: true };
  const unreadable = { status: 422, body: { type: '/problems/unreadable-files' } };
  let names: ScriptedApp;
  beforeAll(async () => {
    names = await startScriptedApp({ name: 'names', metadata: () => ({ input: [TEXT] }) });
    const app = await gateway.readyApp(names.url);
    await client.post('/api/pipelines', { name: 'names', stages: [{ app }] });
  });
  afterAll(() => names.close());
  const create = (input?: object) =>
    client.post('/api/batches', { name: 'Names', pipeline: 'names', files: ['cpb-a'], input });

  it('accepts files with an input document from an earlier run or an upload', async () => {
    const stage = await create({ kind: 'stage', batch: await draft(), stage: 0 });
    expect(stage).toMatchObject({ status: 201 });
    const { id } = (await create({ kind: 'latest' })).body as BatchView;
    expect(await client.post(`/api/batches/${id}/files`, { add: ['cpb-b'], remove: ['cpb-a'] })).toMatchObject({
      status: 200,
    });
    expect(await put(id, 'cpb-b', MMIF)).toMatchObject({ status: 200 });
    expect(await client.post(`/api/batches/${id}/start`)).toMatchObject({ status: 202 });
  });

  it('rejects files without an input document, at creation and later', async () => {
    expect(await create()).toMatchObject(unreadable);
    const { id } = (await create({ kind: 'latest' })).body as BatchView;
    const body = { input: { kind: 'source' } };
    expect(await client.send('PATCH', `/api/batches/${id}`, { body })).toMatchObject(unreadable);
    expect(await client.get(`/api/batches/${id}`)).toMatchObject({ body: { input: { kind: 'latest' } } });
    expect(await client.send('PATCH', `/api/batches/${id}`, { body: { name: 'Other' } })).toMatchObject({
      status: 200,
    });
  });
});
