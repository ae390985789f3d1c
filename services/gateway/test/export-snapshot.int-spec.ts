import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type Manifest, manifestSchema, type Page, type RunRow } from '#libs/contracts';
import { type ArchivedDocument, ExportsRepository, type StageChange } from '#libs/database';
import { record } from './recorded-stage.js';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';
import { unzip } from './unzip.js';

/** With 1 MiB each, more than the socket buffers between gateway and client can hold. */
const GUIDS = Array.from({ length: 24 }, (_, nth) => `cpb-${String(nth).padStart(2, '0')}`);
const NOISE = randomBytes(1024 * 1024).toString('base64');

/** The gateway does not reach the last rows before the client continues to read. */
const [RETRIED, REMOVED, FAILED, GOING_ON] = [20, 21, 22, 23];

let gateway: TestGateway;
let app: string;
let batch: number;
let runs: readonly RunRow[];
beforeAll(async () => {
  gateway = await TestGateway.start();
  app = await gateway.prepare({ app: 'asr', pipeline: 'Speech', stages: 2, files: GUIDS });
  ({ id: batch } = await gateway.draft('Speech', GUIDS));
  await gateway.client.post(`/api/batches/${batch}/start`);
  runs = ((await gateway.client.get(`/api/batches/${batch}/runs?limit=200`)).body as Page<RunRow>).items;
  for (const row of GUIDS.keys()) await recordDocument(row, documentOf(`first ${row}`), {});
});
afterAll(() => gateway.close());

function documentOf(text: string): ArchivedDocument {
  const content = Buffer.from(JSON.stringify({ text, noise: NOISE }));
  return { sha256: sha256(content), bytes: content.length, encoding: 'identity', content };
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const recordDocument = (row: number, document: ArchivedDocument, change: Partial<StageChange>) =>
  record(gateway, batch, { app, run: runs[row]!.id, row, document: document.sha256, ...change }, [document]);

/** Requests a zip, runs `work` before reading the body, then reads all of it. */
async function downloadAround(work: () => Promise<void>): Promise<Buffer> {
  const sent = request(`${gateway.url}/api/batches/${batch}/export?stages=all`, {
    headers: { authorization: `Bearer ${ACCESS_TOKEN}` },
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await work();
  return Buffer.concat((await response.toArray()) as Buffer[]);
}

async function changeAll(): Promise<void> {
  await recordDocument(RETRIED, documentOf('second try'), { generation: 2, root: '200' });
  const { sha256: removed } = documentOf(`first ${REMOVED}`);
  await gateway.query('update stage_runs set document = null where document = $1', [removed]);
  await gateway.query('delete from documents where sha256 = $1', [removed]);
  await recordDocument(GOING_ON, documentOf('second stage'), { index: 1 });
  await record(gateway, batch, { app, run: runs[FAILED]!.id, row: FAILED, index: 1, state: 'failed' });
}

describe('a zip of a batch that changes while it is read', () => {
  let files: Map<string, Buffer>;
  let manifest: Manifest;
  let readBefore: number;
  beforeAll(async () => {
    const reading = jest.spyOn(gateway.app.get(ExportsRepository, { strict: false }), 'document');
    const bytes = await downloadAround(async () => {
      await changeAll();
      readBefore = reading.mock.calls.length;
    });
    reading.mockRestore();
    files = await unzip(bytes);
    manifest = manifestSchema.parse(JSON.parse(files.get('manifest.json')!.toString()));
  });
  const lineOf = (row: number, stage: number) =>
    manifest.files.find((line) => line.row === row && line.stage === stage);

  it('is partly sent when the changes happen', () => {
    expect(readBefore).toBeLessThan(RETRIED);
  });

  it('contains the state at the time of the request', () => {
    for (const row of [GOING_ON, FAILED])
      expect(lineOf(row, 1)).toMatchObject({
        state: 'running',
        file: null,
        missing: expect.stringContaining('stage 1'),
      });
    expect(lineOf(RETRIED, 0)).toMatchObject({ sha256: documentOf(`first ${RETRIED}`).sha256, missing: null });
  });

  it('reports a document that was removed during the export', () => {
    expect(lineOf(REMOVED, 0)).toMatchObject({ state: 'running', file: null, missing: 'removed during the export' });
  });

  it('has a manifest line for every stage of every file and exactly the listed files', () => {
    expect(manifest.files).toHaveLength(2 * GUIDS.length);
    expect(manifest.counts).toEqual({ files: GUIDS.length - 1, missing: GUIDS.length + 1 });
    const named = manifest.files.flatMap(({ file }) => file ?? []);
    expect([...files.keys()]).toEqual([...named, 'manifest.csv', 'manifest.json']);
    const listed = manifest.files.flatMap(({ file, ...line }) => (file === null ? [] : [[line.sha256, line.bytes]]));
    expect(named.map((name) => [sha256(files.get(name)!), files.get(name)!.length])).toEqual(listed);
  });

  it('is followed by a zip with the changed state', async () => {
    files = await unzip(await downloadAround(() => Promise.resolve()));
    manifest = manifestSchema.parse(JSON.parse(files.get('manifest.json')!.toString()));
    expect(lineOf(RETRIED, 0)).toMatchObject({ sha256: documentOf('second try').sha256 });
    expect(lineOf(REMOVED, 0)).toMatchObject({ missing: 'removed according to the retention rule of its batch' });
    expect(lineOf(FAILED, 1)).toMatchObject({ state: 'failed' });
    expect(lineOf(GOING_ON, 1)).toMatchObject({ state: 'done', sha256: documentOf('second stage').sha256 });
  });
});
