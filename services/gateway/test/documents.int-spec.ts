import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { displayIndexSchema, mmifSummarySchema } from '#libs/contracts';
import type { ArchivedDocument } from '#libs/database';
import { appendViews, buildSourceMmif, indexForDisplay, readMmif, summarise } from '#libs/mmif';
import { DocumentViews } from '../src/runs/document-views.js';
import type { HttpClient } from './http-client.js';
import { firstRun, record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';

const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
// Content that parsing and re-serialising would change: a large integer, a float with a zero, the order of keys, spaces, no newline.
const odd = Buffer.from('{ "views": [], "b": 9007199254740993, "a": 1.0,  "title": "Zoë" }');

/** A document with `frames` time frames. */
function mmif(frames: number): Buffer {
  const annotations = Array.from({ length: frames }, (_, index) => ({
    '@type': TYPE,
    properties: { id: `v_0:tf_${index}`, start: index * 10, end: index * 10 + 5, label: 'bars' },
  }));
  const view = {
    id: 'v_0',
    metadata: { app: 'http://apps.clams.ai/shots/v1', contains: { [TYPE]: { timeUnit: 'milliseconds' } } },
    annotations,
  };
  const source = buildSourceMmif({ kind: 'video', path: '/media/a.mp4' });
  return Buffer.from(appendViews(new TextDecoder().decode(source), [view]));
}

const archived = (plain: Buffer, encoding: 'gzip' | 'identity'): ArchivedDocument => ({
  sha256: createHash('sha256').update(`${encoding}${plain.toString()}`).digest('hex'),
  bytes: plain.byteLength,
  encoding,
  content: encoding === 'gzip' ? gzipSync(plain) : plain,
});

let gateway: TestGateway;
let client: HttpClient;
let app: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  app = await gateway.prepare({ stages: 2, files: ['cpb-a'] });
});
afterAll(() => gateway.close());

/** Starts a run whose first stage has this output; returns the path of that stage. */
async function stageWith(document: ArchivedDocument): Promise<string> {
  const { id } = await gateway.draft('shots', ['cpb-a']);
  await record(gateway, id, { document: document.sha256 }, [document]);
  return `/api/runs/${await firstRun(gateway, id)}/stages/0`;
}

describe('the input of a run', () => {
  const runOf = async (change: object = {}) => {
    const created = await client.post('/api/batches', { name: 'a', pipeline: 'shots', files: ['cpb-a'], ...change });
    const { id } = created.body as { id: number };
    return { id, path: `/api/runs/${await firstRun(gateway, id)}/input` };
  };

  it('is the source document that the scheduler builds', async () => {
    const { path } = await runOf();
    const { status, headers, bytes } = await client.get(`${path}?download=1`);
    expect([status, headers['content-disposition']]).toEqual([200, 'attachment; filename="cpb-a_input.mmif"']);
    expect(readMmif(bytes.toString())).toMatchObject({ documents: [{ properties: { id: 'd1' } }], views: [] });
    const [{ path: source, kind }] = await gateway.query<{ path: string; kind: 'video' }>(
      "select path, kind from media_files where guid = 'cpb-a'",
    );
    expect(bytes).toEqual(Buffer.from(buildSourceMmif({ path: source, kind }, { vocabulary: 'old' })));
  });

  it('is the document that was uploaded for the file', async () => {
    const { id, path } = await runOf();
    const uploaded = mmif(3);
    await client.send('PUT', `/api/batches/${id}/inputs/cpb-a`, { body: JSON.parse(uploaded.toString()) });
    expect(readMmif((await client.get(path)).bytes.toString()).views).toHaveLength(1);
  });

  it('does not exist before the batch has chosen it, or without the run', async () => {
    const { path } = await runOf({ input: { kind: 'latest' } });
    expect(await client.get(path)).toMatchObject({ status: 404, body: { type: '/problems/no-document' } });
    expect((await client.get('/api/runs/999999/input')).status).toBe(404);
  });
});

describe('a document', () => {
  const [plain, compressed] = [archived(odd, 'identity'), archived(odd, 'gzip')];
  let path: string;
  let compressedPath: string;
  beforeAll(async () => {
    path = `${await stageWith(plain)}/document`;
    compressedPath = `${await stageWith(compressed)}/document`;
  });

  it('is sent byte for byte as stored', async () => {
    const answer = await client.get(path);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/json',
        etag: `"${plain.sha256}"`,
        'content-length': String(odd.length),
        'accept-ranges': 'bytes',
      },
    });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.bytes).toEqual(odd);
  });

  it('is sent compressed only to clients that accept gzip', async () => {
    const passedOn = await client.get(compressedPath, { 'accept-encoding': 'br, gzip' });
    expect(passedOn.headers).toMatchObject({
      'content-encoding': 'gzip',
      etag: `"${compressed.sha256}-gzip"`,
      vary: expect.stringContaining('Accept-Encoding'),
    });
    expect(passedOn.bytes).toEqual(compressed.content);
    for (const accepted of ['', 'identity', 'gzip;q=0']) {
      const answer = await client.get(compressedPath, { 'accept-encoding': accepted });
      expect(answer.headers).toMatchObject({
        etag: `"${compressed.sha256}"`,
        'content-length': String(odd.length),
      });
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.bytes).toEqual(odd);
    }
    expect((await client.get(path, { 'accept-encoding': 'gzip' })).bytes).toEqual(odd);
  });

  it('is not sent again to a client that has it in either encoding', async () => {
    for (const etag of [`"${compressed.sha256}"`, `"${compressed.sha256}-gzip"`, `W/"${compressed.sha256}"`]) {
      const known = await client.get(compressedPath, { 'if-none-match': etag });
      expect(known).toMatchObject({ status: 304, headers: { etag: `"${compressed.sha256}"` } });
      expect(known.bytes).toHaveLength(0);
    }
    expect((await client.get(path, { 'if-none-match': '"another"' })).status).toBe(200);
  });

  it('is sent in ranges, however it is stored', async () => {
    for (const each of [path, compressedPath]) {
      for (const [range, start, end] of [
        ['bytes=0-9', 0, 9],
        ['bytes=10-', 10, odd.length - 1],
        ['bytes=-5', odd.length - 5, odd.length - 1],
      ] as const) {
        const part = await client.get(each, { range, 'accept-encoding': 'gzip' });
        expect(part).toMatchObject({
          status: 206,
          headers: {
            'content-range': `bytes ${start}-${end}/${odd.length}`,
            'content-length': String(end - start + 1),
          },
        });
        expect(part.bytes).toEqual(odd.subarray(start, end + 1));
      }
    }
  });

  it('is sent whole for an If-Range of another document and for an invalid range', async () => {
    const others: Record<string, string>[] = [
      { range: 'bytes=0-9', 'if-range': '"another"' },
      { range: 'bytes=0-1,3-4' },
      { range: 'x' },
    ];
    for (const headers of others) expect(await client.get(path, headers)).toMatchObject({ status: 200, bytes: odd });
  });

  it('rejects a range beyond its end', async () => {
    expect(await client.get(path, { range: 'bytes=5000-' })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${odd.length}` },
      body: { type: '/problems/range-not-satisfiable', detail: expect.stringContaining(`${odd.length} bytes`) },
    });
  });

  it('is described by HEAD without its content', async () => {
    const head = await client.send('HEAD', compressedPath, { headers: { 'accept-encoding': 'gzip' } });
    expect(head).toMatchObject({
      status: 200,
      headers: { 'content-length': String(compressed.content.length), 'content-encoding': 'gzip' },
    });
    expect(head.bytes).toHaveLength(0);
    expect(await client.send('HEAD', path)).toMatchObject({ headers: { 'content-length': String(odd.length) } });
  });

  it('has a file name for saving', async () => {
    const { headers } = await client.get(`${path}?download=1`);
    expect(headers['content-disposition']).toBe(`attachment; filename="cpb-a_0_${app}.mmif"`);
    expect((await client.get(path)).headers['content-disposition']).toBeUndefined();
  });

  it('returns 404 for stages without a document', async () => {
    for (const other of [
      path.replace('stages/0', 'stages/1'),
      path.replace('stages/0', 'stages/77'),
      '/api/runs/999999/stages/0/document',
    ])
      for (const each of [other, other.replace('/document', '/summary'), other.replace('/document', '/index')])
        expect(await client.get(each)).toMatchObject({ status: 404, body: { type: '/problems/no-document' } });
  });

  it('returns 410 after its removal', async () => {
    const { id } = await gateway.draft('shots', ['cpb-a']);
    await record(gateway, id, {});
    const stage = `/api/runs/${await firstRun(gateway, id)}/stages/0`;
    for (const what of ['document', 'summary', 'index'])
      expect(await client.get(`${stage}/${what}`)).toMatchObject({
        status: 410,
        body: { type: '/problems/document-removed', detail: expect.stringContaining('retention') },
      });
  });
});

describe('a damaged document', () => {
  it('breaks the connection, so that it does not look complete', async () => {
    const whole = archived(mmif(5000), 'gzip');
    const damaged = { ...whole, content: whole.content.subarray(0, whole.content.length / 2) };
    const stage = await stageWith(damaged);
    await expect(client.get(`${stage}/document`)).rejects.toThrow(/aborted|hang up|reset/i);
    expect(await client.get(`${stage}/document`, { 'accept-encoding': 'gzip' })).toMatchObject({ status: 200 });
  });
});

describe('the view of a document', () => {
  const document = mmif(3);
  let stage: string;
  beforeAll(async () => {
    stage = await stageWith(archived(document, 'gzip'));
  });

  it('contains its summary', async () => {
    const { status, body } = await client.get(`${stage}/summary`);
    expect([status, body]).toEqual([200, summarise(readMmif(document))]);
    expect(mmifSummarySchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ totals: { TimeFrame: 3 }, latest: 25 });
  });

  it('contains what the web page shows beside the media', async () => {
    const { status, body } = await client.get(`${stage}/index`);
    expect([status, body]).toEqual([200, indexForDisplay(readMmif(document))]);
    expect(displayIndexSchema.parse(body)).toEqual(body);
  });

  it('is compressed for clients that accept gzip and not sent again to clients that have it', async () => {
    const compressed = await client.get(`${stage}/summary`, { 'accept-encoding': 'gzip' });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(compressed.bytes).toString())).toMatchObject({ totals: { TimeFrame: 3 } });
    const { etag } = compressed.headers;
    expect(await client.get(`${stage}/summary`, { 'if-none-match': etag! })).toMatchObject({ status: 304 });
    expect(await client.get(`${stage}/index`, { 'if-none-match': etag! })).toMatchObject({ status: 200 });
  });

  it('is rejected for a document that is not valid MMIF', async () => {
    const other = await stageWith(archived(Buffer.from('{"views": 7}'), 'identity'));
    for (const what of ['summary', 'index'])
      expect(await client.get(`${other}/${what}`)).toMatchObject({
        status: 422,
        body: { type: '/problems/unreadable-document', detail: expect.stringContaining('Download it') },
      });
  });
});

describe(DocumentViews, () => {
  // The thread runs the built code, which `npm test` makes first.
  const built = pathToFileURL(join('dist', 'services', 'gateway', 'src', 'runs', 'view-thread.js'));
  const large = mmif(20_000);
  const viewed = (plain: Buffer, sha256: string) => {
    const reads: string[] = [];
    const read = () => {
      reads.push(sha256);
      return Promise.resolve({ encoding: 'gzip' as const, content: gzipSync(plain) });
    };
    return { reads, document: { sha256, bytes: plain.byteLength, read } };
  };
  const viewOf = async (views: DocumentViews, document: ReturnType<typeof viewed>['document']) => {
    const view = await views.of(document, 'summary');
    return 'gzip' in view ? (JSON.parse(gunzipSync(view.gzip).toString()) as unknown) : view;
  };

  it('returns the right view of large and of small documents', async () => {
    const views = new DocumentViews(built);
    const documents = [large, mmif(1), mmif(10_000)].map((plain, n) => ({ plain, ...viewed(plain, String(n)) }));
    const all = await Promise.all(documents.map(({ document }) => viewOf(views, document)));
    expect(all).toEqual(documents.map(({ plain }) => summarise(readMmif(plain))));
  });

  it('does not block the event loop with a large document', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    await viewOf(new DocumentViews(built), viewed(mmif(100_000), 'x').document);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
  });

  it('reads a document once for concurrent and later requests', async () => {
    const views = new DocumentViews(built);
    const { document, reads } = viewed(large, 'x');
    await Promise.all([viewOf(views, document), viewOf(views, document)]);
    await viewOf(views, document);
    expect(reads).toEqual(['x']);
    await views.of(document, 'index');
    expect(reads).toEqual(['x', 'x']);
  });

  it('reports a document that kills the thread as too large and reads the next one', async () => {
    const views = new DocumentViews(new URL('data:text/javascript,process.exit(1)'));
    expect(await viewOf(views, viewed(large, 'x').document)).toEqual({
      unreadable: expect.stringContaining('too large'),
    });
    expect(await viewOf(views, viewed(mmif(1), 'y').document)).toMatchObject({ totals: { TimeFrame: 1 } });
  });

  it('responds with 503 when too many documents wait', async () => {
    const silent = "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});";
    const views = new DocumentViews(new URL(`data:text/javascript,${encodeURIComponent(silent)}`));
    const asked = Array.from({ length: 1002 }, (_, n) => views.of(viewed(large, String(n)).document, 'summary'));
    await expect(Promise.race(asked)).rejects.toMatchObject({
      problem: { status: 503, type: '/problems/documents-busy' },
    });
  });

  it('reads a document again after an archive error', async () => {
    const views = new DocumentViews(built);
    const { document } = viewed(large, 'x');
    const unavailable = { ...document, read: () => Promise.reject(new Error('The database is not responding.')) };
    await expect(views.of(unavailable, 'summary')).rejects.toThrow('not responding');
    expect(await viewOf(views, document)).toMatchObject({ totals: { TimeFrame: 20_000 } });
  });
});
