import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Manifest, manifestSchema, type Page } from '#libs/contracts';
import type { ArchivedDocument } from '#libs/database';
import type { HttpClient } from './http-client.js';
import { record } from './recorded-stage.js';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';
import { unzip } from './unzip.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c', 'cpb-d', 'cpb-e'];
const OLD = 'http://mmif.clams.ai/vocabulary';

let gateway: TestGateway;
let client: HttpClient;
let app: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  app = await gateway.prepare({ app: 'asr', pipeline: 'Speech', stages: 2, files: GUIDS });
});
afterAll(() => gateway.close());

/** A document with one spoken sentence, and with a number that parsing would change. */
const spoken = (sentence: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
      documents: [{ '@type': `${OLD}/VideoDocument/v1`, properties: { id: 'd1', location: 'file:///a.mp4' } }],
      views: [
        {
          id: 'v_0',
          metadata: { app: 'asr', contains: {} },
          annotations: [
            { '@type': `${OLD}/TextDocument/v1`, properties: { id: 'td_1', text: { '@value': sentence } } },
            { '@type': `${OLD}/TimeFrame/v5`, properties: { id: 'tf_1', start: 1000, end: 3000 } },
            { '@type': `${OLD}/Sentence/v1`, properties: { id: 's_1', text: sentence } },
            { '@type': `${OLD}/Alignment/v1`, properties: { id: 'al_1', source: 'tf_1', target: 's_1' } },
          ],
        },
      ],
    }).replace('"views"', '"n": 9007199254740993, "views"'),
  );
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const stored = (bytes: Buffer, encoding: 'gzip' | 'identity'): ArchivedDocument => ({
  sha256: sha256(bytes),
  bytes: bytes.length,
  encoding,
  content: encoding === 'gzip' ? gzipSync(bytes) : bytes,
});

interface Row {
  readonly id: number;
  readonly row: number;
}
const runsOf = async (batch: number) =>
  ((await client.get(`/api/batches/${batch}/runs`)).body as Page<Row>).items.map(({ id }) => id);

/** File 1 is done, file 2 failed at its second stage, file 3 has an unreadable document. */
async function finishedBatch() {
  const { id } = await gateway.draft('Speech', GUIDS);
  await client.post(`/api/batches/${id}/start`);
  const runs = await runsOf(id);
  const [first, final, broken] = [spoken('Good evening.'), spoken('Good night.'), Buffer.from('{"views": ')];
  const at = (row: number) => ({ run: runs[row]!, row });
  await record(gateway, id, { ...at(0), document: sha256(first) }, [stored(first, 'identity')]);
  await record(gateway, id, { ...at(0), index: 1, document: sha256(final) }, [stored(final, 'gzip')]);
  await record(gateway, id, { ...at(1), document: sha256(first) });
  await record(gateway, id, {
    ...at(1),
    index: 1,
    state: 'failed',
    outcome: 'app-error',
    sentence: 'The app says: "no sound".',
    fingerprint: 'asr|app-error',
  });
  await record(gateway, id, { ...at(2), document: sha256(first) });
  await record(gateway, id, { ...at(2), index: 1, document: sha256(broken) }, [stored(broken, 'identity')]);
  const damaged = { ...stored(spoken('Hello?'), 'gzip'), content: Buffer.from('no gzip at all, and longer than that') };
  await record(gateway, id, { ...at(3), document: sha256(first) });
  await record(gateway, id, { ...at(3), index: 1, document: damaged.sha256 }, [damaged]);
  return { id, runs, first, final, broken };
}

const download = async (path: string) => {
  const answer = await client.get(path);
  const files = answer.status === 200 ? await unzip(answer.bytes) : new Map<string, Buffer>();
  const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? 'null') as Manifest;
  return { answer, files, manifest };
};

describe("a batch's zip", () => {
  let batch: Awaited<ReturnType<typeof finishedBatch>>;
  beforeAll(async () => void (batch = await finishedBatch()));

  it('contains the final documents byte for byte and a manifest of missing files with reasons', async () => {
    const { answer, files, manifest } = await download(`/api/batches/${batch.id}/export`);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="Speech-v1_${batch.id}.zip"`,
    });
    const name = (guid: string) => `${guid}_Speech-v1_${batch.id}.mmif`;
    expect([...files.keys()]).toEqual([name('cpb-a'), name('cpb-c'), 'manifest.csv', 'manifest.json']);
    expect(files.get(name('cpb-a'))).toEqual(batch.final);
    expect(manifestSchema.parse(manifest)).toEqual({
      batch: { id: batch.id, name: 'Evening news' },
      pipeline: { name: 'Speech', version: 1 },
      at: expect.stringMatching(/Z$/),
      formats: ['mmif'],
      stages: 'final',
      files: [
        {
          row: 0,
          guid: 'cpb-a',
          run: batch.runs[0],
          state: 'done',
          stage: 1,
          app,
          format: 'mmif',
          file: name('cpb-a'),
          bytes: batch.final.length,
          sha256: sha256(batch.final),
          missing: null,
        },
        expect.objectContaining({
          guid: 'cpb-b',
          state: 'failed',
          file: null,
          missing: `failed at stage 1 ${app}: The app says: "no sound".`,
        }),
        expect.objectContaining({ guid: 'cpb-c', file: name('cpb-c'), missing: null }),
        expect.objectContaining({ guid: 'cpb-d', file: null, missing: 'its stored bytes are damaged' }),
        expect.objectContaining({ guid: 'cpb-e', state: 'waiting', missing: 'waiting to start' }),
      ],
      counts: { files: 2, missing: 3 },
    });
  });

  it('contains the same manifest as CSV', async () => {
    const { files } = await download(`/api/batches/${batch.id}/export`);
    const lines = files.get('manifest.csv')!.toString().split('\r\n');
    expect(lines[0]).toBe('\ufeffrow,guid,run,state,stage,app,format,file,bytes,sha256,missing');
    expect(lines[2]).toBe(
      `1,cpb-b,${batch.runs[1]},failed,1,${app},mmif,,,,"failed at stage 1 ${app}: The app says: ""no sound""."`,
    );
    expect(lines).toHaveLength(GUIDS.length + 2);
  });

  it('contains every format of every stage and continues after a broken document', async () => {
    const { files, manifest } = await download(`/api/batches/${batch.id}/export?formats=vtt,mmif,txt,vtt&stages=all`);
    expect(files.get(`cpb-a_Speech-v1_${batch.id}_s1-${app}.vtt`)?.toString()).toContain(
      '00:00:01.000 --> 00:00:03.000\nGood night.',
    );
    expect(files.get(`cpb-b_Speech-v1_${batch.id}_s0-${app}.txt`)?.toString()).toBe('Good evening.\n');
    expect(manifest.formats).toEqual(['vtt', 'mmif', 'txt']);
    expect(manifest.files).toHaveLength(GUIDS.length * 2 * 3);
    const ofBroken = manifest.files.filter(({ guid, stage }) => guid === 'cpb-c' && stage === 1);
    expect(ofBroken.map(({ format, missing }) => [format, missing])).toEqual([
      ['vtt', expect.stringMatching(/^the document cannot be read/)],
      ['mmif', null],
      ['txt', expect.stringMatching(/^the document cannot be read/)],
    ]);
    for (const { file, sha256: sum, bytes } of manifest.files) {
      if (file === null) continue;
      expect([sha256(files.get(file)!), files.get(file)!.length]).toEqual([sum, bytes]);
    }
  });

  it('is rejected for a batch without documents and for an unknown batch', async () => {
    const { id } = await gateway.draft('Speech', GUIDS);
    expect(await client.get(`/api/batches/${id}/export`)).toMatchObject({
      status: 409,
      body: { type: '/problems/nothing-to-export' },
    });
    expect(await client.get('/api/batches/999999/export')).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-batch' },
    });
  });

  it('is rejected with an explanation for unknown formats and stages', async () => {
    for (const [query, path] of [
      ['formats=pdf', 'formats'],
      ['formats=', 'formats'],
      ['formats=mmif,,vtt', 'formats'],
      ['stages=some', 'stages'],
      ['format=mmif', ''],
    ] as const)
      expect(await client.get(`/api/batches/${batch.id}/export?${query}`)).toMatchObject({
        status: 400,
        body: { type: '/problems/invalid-request', errors: [expect.objectContaining({ path })] },
      });
  });

  it('stops when its client disconnects, and the next request is answered', async () => {
    for (let n = 0; n < 10; n += 1) {
      await new Promise<void>((resolve) => {
        const sent = request(
          `${client.url}/api/batches/${batch.id}/export?stages=all`,
          { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } },
          (response) => {
            response.destroy();
            resolve();
          },
        );
        sent.end();
      });
    }
    expect((await download(`/api/batches/${batch.id}/export`)).manifest.counts.files).toBe(2);
  });

  it('is described for HEAD without being created', async () => {
    const head = await client.send('HEAD', `/api/batches/${batch.id}/export`);
    expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'application/zip' } });
    expect(head.bytes).toHaveLength(0);
  });
});

describe('the document of a run', () => {
  let batch: Awaited<ReturnType<typeof finishedBatch>>;
  beforeAll(async () => void (batch = await finishedBatch()));
  const get = (row: number, query = '') => client.get(`/api/runs/${batch.runs[row]}/export${query}`);

  it('is exported in each format with a file name and a media type', async () => {
    const mmif = await get(0);
    expect(mmif.bytes).toEqual(batch.final);
    expect(mmif.headers['content-disposition']).toBe(`attachment; filename="cpb-a_Speech-v1_${batch.id}.mmif"`);
    for (const [format, type, begin] of [
      ['vtt', 'text/vtt; charset=utf-8', 'WEBVTT\n'],
      ['srt', 'application/x-subrip; charset=utf-8', '1\n00:00:01,000'],
      ['txt', 'text/plain; charset=utf-8', 'Good night.\n'],
      ['csv', 'text/csv; charset=utf-8', '\ufeffview,app,'],
      ['jsonl', 'application/jsonl; charset=utf-8', '{"view":"v_0"'],
    ] as const) {
      const answer = await get(0, `?format=${format}`);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
      expect(answer.bytes.toString().startsWith(begin)).toBe(true);
    }
    expect((await get(1, '?stage=0&format=txt')).bytes.toString()).toBe('Good evening.\n');
  });

  it('is rejected with the reason when it is missing', async () => {
    for (const [row, query, status, detail] of [
      [1, '', 409, /has no document of stage 1: failed at stage 1/],
      [4, '?stage=0', 409, /waiting to start/],
      [0, '?stage=2', 404, /has 2 stages, counted from 0\. There is no stage 2/],
      [2, '?format=txt', 422, /cannot be exported as txt: the document cannot be read/],
      [3, '?format=txt', 422, /stored bytes are damaged/],
      [0, '?format=pdf', 400, /format/],
      [0, '?stage=x', 400, /counted from 0/],
    ] as const)
      expect(await get(row, query)).toMatchObject({ status, body: { detail: expect.stringMatching(detail) } });
    expect(await client.get('/api/runs/999999/export')).toMatchObject({ status: 404 });
  });
});
