import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchEstimateSchema, type BatchView } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { TestGateway } from './test-gateway.js';

const GUIDS = ['cpb-a', 'cpb-b'];
const WHY = 'No worker serves shots.';

let gateway: TestGateway;
let client: HttpClient;
/** The scheduler's explanation of every app. */
let explain: () => Promise<unknown>;
beforeAll(async () => {
  gateway = await TestGateway.start({}, { ask: (() => explain()) as never });
  ({ client } = gateway);
  await gateway.prepare({ stages: 1, files: GUIDS });
});
afterAll(() => gateway.close());

const explained = (state: string) => () => Promise.resolve({ ok: true, state, reason: WHY, nextAction: '' });
const estimate = async (id: number, query = '') => client.get(`/api/batches/${id}/estimate${query}`);

describe('the estimate of a batch', () => {
  it('lists the work to do, with null for unknown values', async () => {
    explain = explained('idle');
    const { id } = await gateway.draft('shots', GUIDS);
    const { status, body } = await estimate(id);
    expect([status, batchEstimateSchema.parse(body)]).toMatchObject([
      200,
      { batch: id, files: 2, reused: 0, seconds: null, cost: null, warnings: [], stages: [{ runs: 2, alive: true }] },
    ]);
    expect(await estimate(id, '?trial=1')).toMatchObject({ body: { files: 1 } });
  });

  it('has no warning when workers serve all apps', async () => {
    explain = explained('idle');
    const { id } = await gateway.draft('shots', GUIDS);
    expect(await client.post(`/api/batches/${id}/start`)).toMatchObject({ status: 202, body: { warnings: [] } });
  });

  it('warns of an app without a worker and of an unresponsive scheduler without blocking the start', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    explain = explained('stopped');
    expect(await estimate(id)).toMatchObject({ status: 200, body: { warnings: [WHY], stages: [{ alive: false }] } });
    explain = () => Promise.reject(new Error('away'));
    expect(await estimate(id)).toMatchObject({
      status: 200,
      body: { warnings: [expect.stringContaining('is not responding')], stages: [{ alive: null }] },
    });
    explain = explained('stopped');
    expect(await client.post(`/api/batches/${id}/start`)).toMatchObject({ status: 202, body: { warnings: [WHY] } });
    expect((await client.post(`/api/batches/${id}/start`)).body).not.toHaveProperty('warnings');
  });

  it('rejects invalid queries', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    for (const trial of ['-1', 'x', '1001']) expect((await estimate(id, `?trial=${trial}`)).status).toBe(400);
    expect(await estimate(999_999)).toMatchObject({ status: 404, body: { type: '/problems/unknown-batch' } });
  });
});

describe('a batch', () => {
  it('shows its hours of media, and no expected end while that is unknown', async () => {
    const { id } = await gateway.draft('shots', GUIDS);
    const { body } = await client.get(`/api/batches/${id}`);
    expect(body as BatchView).toMatchObject({
      eta: null,
      mediaHours: { done: 0, unknownDurations: expect.any(Number) },
    });
  });
});
