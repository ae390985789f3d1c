import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchDeletionSchema, batchRetentionSchema, batchUsageSchema, retentionSchema } from '#libs/contracts';
import { type ArchivedDocument, RetentionSweepRepository } from '#libs/database';
import type { HttpClient } from './http-client.js';
import { firstRun, record } from './recorded-stage.js';
import { TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let client: HttpClient;
let app: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  app = await gateway.prepare({ stages: 2, files: ['cpb-a'] });
});
afterAll(() => gateway.close());

const put = (path: string, body: object) => client.send('PUT', path, { body });
const documentOf = (text: string): ArchivedDocument => {
  const content = Buffer.from(text);
  return {
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    encoding: 'identity',
    content,
  };
};

/** A finished batch of one file with two documents; their content is unique unless `text` is given. */
async function finished(text?: string): Promise<number> {
  const { id } = await gateway.draft('shots', ['cpb-a']);
  await client.post(`/api/batches/${id}/start`);
  for (const index of [0, 1]) {
    const document = documentOf(`{"n": "${text ?? id} ${index}"}`);
    await record(gateway, id, { index, document: document.sha256, settledAt: Date.now() }, [document]);
  }
  return id;
}
const remove = async (batch: number, keep: 'final' | 'none') =>
  gateway.app.get(RetentionSweepRepository, { strict: false }).remove({ batch, keep, after: -1, runs: 1000 });

describe('the retention rule of the installation', () => {
  it('keeps everything by default, and records who changed it', async () => {
    expect(retentionSchema.parse((await client.get('/api/retention')).body)).toMatchObject({
      keep: 'all',
      days: null,
      sentence: 'The documents of all stages and attempts are kept until the batch is deleted.',
      changedBy: null,
      due: 0,
    });
    await finished();
    const rule = { keep: 'final', days: 30 };
    expect(await put('/api/retention?dryRun=true', rule)).toMatchObject({ status: 200, body: { ...rule, due: 1 } });
    expect((await client.get('/api/retention')).body).toMatchObject({ keep: 'all', due: 0 });
    expect(await put('/api/retention', rule)).toMatchObject({
      status: 200,
      body: { ...rule, changedBy: 'local', due: 1 },
    });
    expect(await put('/api/retention', { keep: 'all' })).toMatchObject({ status: 200, body: { days: null, due: 0 } });
  });

  it('rejects an invalid rule with the position of the error', async () => {
    for (const [body, path] of [
      [{}, 'keep'],
      [{ keep: 'some' }, 'keep'],
      [{ keep: null }, 'keep'],
      [{ keep: 'all', days: 0 }, 'days'],
      [{ keep: 'all', days: 1.5 }, 'days'],
      [{ keep: 'all', days: 1e9 }, 'days'],
      [{ keep: 'all', until: '2030-01-01' }, ''],
    ] as const)
      expect(await put('/api/retention', body)).toMatchObject({
        status: 400,
        body: { type: '/problems/invalid-request', errors: [expect.objectContaining({ path })] },
      });
    expect((await client.get('/api/retention')).body).toMatchObject({ keep: 'all', days: null });
  });
});

describe('the retention rule of a batch', () => {
  it('is that of the installation until the batch has its own', async () => {
    const id = await finished();
    const path = `/api/batches/${id}/retention`;
    expect(batchRetentionSchema.parse((await client.get(path)).body)).toMatchObject({
      own: false,
      kept: 'all',
      due: false,
    });
    expect(await put(`${path}?dryRun=true`, { keep: 'final' })).toMatchObject({ body: { own: true, due: true } });
    expect(await put(path, { keep: 'all', days: 2 })).toMatchObject({
      status: 200,
      body: { own: true, keep: 'all', days: 2, due: false, removesAt: expect.stringMatching(/Z$/) },
    });
    expect(await put(path, { keep: null })).toMatchObject({
      body: { own: false, keep: 'all', days: null, removesAt: null },
    });
  });

  it('requires an existing batch and a valid rule', async () => {
    expect(await client.get('/api/batches/999999/retention')).toMatchObject({ status: 404 });
    expect(await put('/api/batches/999999/retention', { keep: 'all' })).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-batch' },
    });
    const id = await finished();
    expect(await put(`/api/batches/${id}/retention`, { keep: null, days: 3 })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'days', message: expect.stringContaining('days requires keep') }] },
    });
  });

  it('is named in the answers for removed documents', async () => {
    const id = await finished();
    await remove(id, 'final');
    const run = await firstRun(gateway, id);
    expect((await client.get(`/api/runs/${run}/export`)).status).toBe(200);
    for (const path of [`/api/runs/${run}/export?stage=0`, `/api/runs/${run}/stages/0/document`])
      expect(await client.get(path)).toMatchObject({
        status: 410,
        body: { type: '/problems/document-removed', detail: expect.stringContaining('retention') },
      });
    expect((await client.get(`/api/batches/${id}/retention`)).body).toMatchObject({ kept: 'final' });
    await remove(id, 'none');
    expect(await client.get(`/api/batches/${id}/export`)).toMatchObject({
      status: 409,
      body: { type: '/problems/nothing-to-export' },
    });
  });
});

describe('the storage use of a batch', () => {
  it('is counted by stage, with the share that other batches use', async () => {
    const [id, other] = [await finished('both'), await finished('both')];
    const { bytes } = documentOf('{"n": "both 0"}');
    const one = { documents: 1, bytes, shared: { documents: 1, bytes } };
    const both = { documents: 2, bytes: 2 * bytes };
    expect(batchUsageSchema.parse((await client.get(`/api/batches/${id}/usage`)).body)).toMatchObject({
      batch: id,
      total: { ...both, shared: both },
      stages: [
        { index: 0, app, ...one },
        { index: 1, app, ...one },
      ],
    });
    expect(batchDeletionSchema.parse((await client.get(`/api/batches/${id}/deletion`)).body)).toEqual({
      batch: id,
      name: 'Evening news',
      state: 'finished',
      allowed: true,
      sentence: `Deleting batch ${id} "Evening news" removes 1 run; 2 documents (30 bytes) are kept, because other batches use them.`,
      runs: 1,
      goes: { documents: 0, bytes: 0 },
      stays: both,
      usedBy: [{ id: other, name: 'Evening news', documents: 2 }],
    });
  });

  it('needs a batch', async () => {
    for (const path of ['usage', 'deletion'])
      expect(await client.get(`/api/batches/999999/${path}`)).toMatchObject({
        status: 404,
        body: { type: '/problems/unknown-batch' },
      });
  });
});

describe('deleting a batch', () => {
  const destroy = (id: number, headers: Record<string, string> = {}) =>
    client.send('DELETE', `/api/batches/${id}`, { headers });

  it('takes effect immediately, and once per key', async () => {
    const id = await finished();
    const key = { 'idempotency-key': `delete-${id}` };
    const answer = await destroy(id, key);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        batch: id,
        name: 'Evening news',
        runs: 1,
        sentence: expect.stringMatching(/and its 1 run were deleted\./),
      },
    });
    expect((await client.get(`/api/batches/${id}`)).status).toBe(404);
    expect(await destroy(id, key)).toMatchObject({ status: 200, body: answer.body });
    expect(await destroy(id)).toMatchObject({ status: 404, body: { type: '/problems/unknown-batch' } });
  });

  it('is rejected without any change while the batch is running', async () => {
    const { id } = await gateway.draft('shots', ['cpb-a']);
    await client.post(`/api/batches/${id}/start`);
    expect((await client.get(`/api/batches/${id}/deletion`)).body).toMatchObject({ allowed: false, state: 'running' });
    expect(await destroy(id)).toMatchObject({ status: 409, body: { type: '/problems/batch-running' } });
    expect((await client.get(`/api/batches/${id}`)).status).toBe(200);
  });
});
