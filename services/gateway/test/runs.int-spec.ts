import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptView, ErrorGroupDetail, ErrorGroupRow, Page, RunRow } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { firstRun, record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];
/** A fingerprint with characters that must be encoded in a path. */
const FINGERPRINT = 'shots_v1|app-error|cannot read /media/<path> at 50% of "frame"?';
const OUTPUT = Buffer.from('{"views":[]}');
const DOCUMENT = {
  sha256: createHash('sha256').update(OUTPUT).digest('hex'),
  bytes: OUTPUT.length,
  encoding: 'identity' as const,
  content: OUTPUT,
};

let gateway: TestGateway;
let client: HttpClient;
let batch: number;
let run: number;

/** The first file finished stage 0 and failed twice at stage 1. */
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  await gateway.prepare({ stages: 2, files: GUIDS });
  ({ id: batch } = await gateway.draft('shots', GUIDS));
  await client.post(`/api/batches/${batch}/start`);
  await record(gateway, batch, { mark: 'warnings', settledAt: Date.now(), document: DOCUMENT.sha256 }, [DOCUMENT]);
  const failure = { index: 1, state: 'failed', outcome: 'invalid-output', fingerprint: FINGERPRINT } as const;
  const settledAt = Date.parse('2026-01-01T12:00:00Z');
  await record(gateway, batch, { ...failure, settledAt, trace: 'Traceback: first', sentence: 'First.' });
  await record(gateway, batch, { ...failure, settledAt, root: '200', trace: 'Traceback: second', sentence: 'Second.' });
  run = await firstRun(gateway, batch);
});
afterAll(() => gateway.close());

const read = async <Body>(path: string): Promise<Body> => {
  const { status, body } = await client.get(path);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as Body;
};

describe('the list of runs', () => {
  const guids = async (query: string) =>
    (await read<Page<RunRow>>(`/api/batches/${batch}/runs?${query}`)).items.map(({ guid }) => guid);

  it.each([
    ['state=failed', ['cpb-a']],
    ['state=waiting', ['cpb-b', 'cpb-c']],
    ['stage=0&state=done', ['cpb-a']],
    ['mark=warnings', ['cpb-a']],
    [`fingerprint=${encodeURIComponent(FINGERPRINT)}`, ['cpb-a']],
    ['query=pb-C', ['cpb-c']],
    ['query=', GUIDS],
    ['state=done', []],
  ])('is filtered by %s', async (query, expected) => {
    expect(await guids(query)).toEqual(expected);
  });

  it('is paged, also with a filter', async () => {
    const first = await read<Page<RunRow>>(`/api/batches/${batch}/runs?state=waiting&limit=1`);
    expect(first.items).toMatchObject([{ guid: 'cpb-b', stage: 0, marks: [null, null] }]);
    const second = await read<Page<RunRow>>(`/api/batches/${batch}/runs?state=waiting&limit=1&cursor=${first.next}`);
    expect([second.items.map(({ guid }) => guid), second.next]).toEqual([['cpb-c'], null]);
  });

  it.each([
    ['state=lost', 'state'],
    ['stage=-1', 'stage'],
    ['stage=', 'stage'],
    ['stage=one', 'stage'],
    ['stage=32', 'stage'],
    ['mark=good', 'mark'],
    ['fingerprint=', 'fingerprint'],
    ['query=%00', 'query'],
    [`query=${'x'.repeat(201)}`, 'query'],
  ])('rejects %s with the name of the parameter', async (query, path) => {
    expect(await client.get(`/api/batches/${batch}/runs?${query}`)).toMatchObject({
      status: 400,
      body: { type: '/problems/invalid-request', errors: [{ path }] },
    });
  });

  it('needs a batch', async () => {
    expect(await client.get('/api/batches/999999/runs?state=failed')).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-batch' },
    });
  });
});

describe('the attempts of a run', () => {
  it('are all listed, each with its document', async () => {
    const { items, next } = await read<Page<AttemptView>>(`/api/runs/${run}/attempts`);
    expect(items.map(({ index, attempt, current }) => [index, attempt, current])).toEqual([
      [0, '1-100', true],
      [1, '1-100', false],
      [1, '1-200', true],
    ]);
    expect(items[1]).toMatchObject({ sentence: 'First.', trace: 'Traceback: first' });
    expect(next).toBeNull();
    expect((await client.get(items[0]!.document!.url)).bytes).toEqual(OUTPUT);
  });

  it('are those of all stages when no stage is given', async () => {
    expect(await gateway.client.get(`/api/runs/${run}/attempts?stage=`)).toMatchObject({
      status: 400,
      body: {
        type: '/problems/invalid-request',
        errors: [{ path: 'stage', message: 'must be a whole number in digits' }],
      },
    });
  });

  it('are paged and can be filtered by stage', async () => {
    const path = `/api/runs/${run}/attempts?stage=1&limit=1`;
    const first = await read<Page<AttemptView>>(path);
    const second = await read<Page<AttemptView>>(`${path}&cursor=${first.next}`);
    expect([first, second].map(({ items }) => items.map(({ sentence }) => sentence))).toEqual([
      ['First.'],
      ['Second.'],
    ]);
    expect(second.next).toBeNull();
    expect(await client.get(`/api/runs/${run}/attempts?cursor=${first.next}`)).toMatchObject({
      status: 400,
      body: { type: '/problems/invalid-cursor' },
    });
  });

  it('return 404 for an unknown run', async () => {
    expect(await client.get('/api/runs/999999/attempts')).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-run' },
    });
  });

  it.each(['1', '1-', 'x-1', '1-99999999999999999999', '1-9999999999999999999'])(
    'return 404 for a document of the invalid attempt %s',
    async (attempt) => {
      expect(await client.get(`/api/runs/${run}/stages/0/document?attempt=${attempt}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'attempt' }] },
      });
    },
  );

  it('return 404 for a document of an unknown attempt', async () => {
    expect(await client.get(`/api/runs/${run}/stages/0/document?attempt=9-100`)).toMatchObject({
      status: 404,
      body: { type: '/problems/no-document' },
    });
  });
});

describe('the errors of a batch', () => {
  it('are grouped, and each group is found by its fingerprint', async () => {
    const { items } = await read<Page<ErrorGroupRow>>(`/api/batches/${batch}/errors`);
    expect(items).toMatchObject([
      { fingerprint: FINGERPRINT, index: 1, count: 1, samples: [{ run, guid: 'cpb-a' }], worker: 'w1' },
    ]);
    const path = `/api/batches/${batch}/errors/1/${encodeURIComponent(FINGERPRINT)}`;
    expect(await read<ErrorGroupDetail>(path)).toMatchObject({
      ...items[0],
      trace: 'Traceback: second',
      runs: [{ run, row: 0, sentence: 'Second.' }],
    });
  });

  it.each([
    ['999999/errors', 'unknown-batch'],
    ['999999/errors/0/x', 'unknown-error-group'],
    ['{batch}/errors/0/nothing', 'unknown-error-group'],
    ['{batch}/errors/0/%00', 'unknown-error-group'],
    ['{batch}/errors/x/nothing', 'unknown-stage'],
    ['{batch}/errors/99999999999/nothing', 'unknown-stage'],
  ])('return 404 at %s', async (path, problem) => {
    expect(await client.get(`/api/batches/${path.replace('{batch}', String(batch))}`)).toMatchObject({
      status: 404,
      body: { type: `/problems/${problem}` },
    });
  });
});
