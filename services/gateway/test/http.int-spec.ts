import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemSchema } from '#libs/contracts';
import type { Answer, HttpClient, Sending } from './http-client.js';
import { TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
});
afterAll(() => gateway.close());

const expectProblem = ({ status, headers, body }: Answer) => {
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(problemSchema.parse(body)).toMatchObject({ status, requestId: headers['x-request-id'] });
};
const MEBIBYTE = 1024 * 1024;
const batch = { name: 'x', pipeline: 'x', files: ['x'] };

describe('an error', () => {
  it.each<[number, string, string, string, Sending]>([
    [400, 'unreadable-request', 'POST', '/api/batches', { body: '{"name": ' }],
    [400, 'unreadable-request', 'POST', '/api/batches', { body: '"a text"' }],
    [400, 'unreadable-request', 'GET', '/api/pipelines/%E0%A4%A', {}],
    [400, 'invalid-request', 'POST', '/api/batches', { body: [] }],
    [400, 'invalid-request', 'POST', '/api/batches', { body: { ...batch, name: 7 } }],
    [400, 'invalid-request', 'GET', '/api/batches?cursor=a&cursor=b', {}],
    [401, 'not-signed-in', 'GET', '/api/batches', { headers: { authorization: '' } }],
    [403, 'foreign-origin', 'POST', '/api/batches', { headers: { origin: 'http://evil.example.org' } }],
    [404, 'unknown-route', 'GET', '/api/nothing', {}],
    [405, 'no-such-method', 'DELETE', '/api/batches/1/cells', {}],
    [405, 'no-such-method', 'PUT', '/api/batches/', {}],
    [405, 'no-such-method', 'TRACE', '/healthz', {}],
    [404, 'unknown-route', 'GET', '/assets/..%2f..%2fpackage.json', {}],
    [404, 'unknown-batch', 'GET', '/api/batches/1', {}],
    [413, 'too-large', 'POST', '/api/batches', { body: `"${'x'.repeat(17 * MEBIBYTE)}"` }],
    [413, 'too-large', 'POST', '/api/pipelines', { body: `"${'x'.repeat(2 * MEBIBYTE)}"` }],
    [415, 'no-json', 'POST', '/api/batches', { body: 'name=x', headers: { 'content-type': 'text/plain' } }],
    [415, 'no-json', 'POST', '/api/batches', {}],
    [415, 'unsupported-encoding', 'POST', '/api/batches', { body: 'x', headers: { 'content-encoding': 'zip' } }],
    [421, 'foreign-host', 'GET', '/api/batches', { headers: { host: 'evil.example.org' } }],
    [422, 'unknown-pipeline', 'POST', '/api/batches', { body: batch }],
    [502, 'live-away', 'GET', '/socket.io/?EIO=4&transport=polling', {}],
  ])('%i %s: %s %s', async (status, type, method, path, sending) => {
    const answer = await client.send(method, path, sending);
    expect(answer).toMatchObject({ status, body: { type: `/problems/${type}`, title: expect.any(String) } });
    expectProblem(answer);
  });

  it.each([
    ['/api/batches?stat=failed', 'stat'],
    ['/api/media-files?Status=done', 'Status'],
    ['/api/media-files/imports?dryrun=true', 'dryrun'],
  ])('names an unknown query parameter (%s)', async (path, word) => {
    const sending = { body: 'guid\n', headers: { 'content-type': 'text/csv' } };
    const answer = path.includes('imports') ? client.send('POST', path, sending) : client.get(path);
    expect(await answer).toMatchObject({
      status: 400,
      body: { type: '/problems/invalid-request', detail: `Correct the query: Unrecognized key: "${word}".` },
    });
  });

  it('states the body limit of its route, which differs between routes', async () => {
    const large = { ...batch, name: 'x'.repeat(2 * MEBIBYTE) };
    expect(await client.post('/api/pipelines', large)).toMatchObject({
      status: 413,
      body: { detail: expect.stringMatching(/at most 1 MiB.*collection/) },
    });
    const packed = { body: gzipSync(JSON.stringify(large)), headers: { 'content-encoding': 'gzip' } };
    expect(await client.send('POST', '/api/pipelines', packed)).toMatchObject({ status: 413 });
    expect(await client.post('/api/batches', large)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'name' }] },
    });
  });

  it('explains how to fix a body that is not valid JSON', async () => {
    const { body } = await client.post('/api/batches', '{"name": ');
    expect(body).toMatchObject({ detail: expect.stringContaining('valid JSON') });
    const { body: untyped } = await client.post('/api/batches', '{}', { 'content-type': 'text/plain' });
    expect(untyped).toMatchObject({ detail: expect.stringContaining('Content-Type: application/json') });
  });

  it('names texts that cannot be stored', async () => {
    for (const [body, path] of [
      [{ ...batch, name: 'a\0b' }, 'name'],
      [{ ...batch, files: ['a', 'b\ud800'] }, 'files.1'],
    ] as const)
      expect(await client.post('/api/batches', body)).toMatchObject({
        status: 400,
        body: { type: '/problems/invalid-request', errors: [{ path }] },
      });
    const pipeline = { name: 'x', stages: [{ app: 'x', parameters: { 'key\0': ['v'] } }] };
    expect((await client.post('/api/pipelines', pipeline)).body).toMatchObject({
      errors: [{ path: 'stages.0.parameters.key\ufffd' }],
    });
    expect((await client.get('/api/media-files?guid=%00')).body).toMatchObject({ errors: [{ path: 'guid' }] });
  });

  it('lists at most 50 of 100 errors in a body', async () => {
    const { body } = await client.post('/api/batches', { ...batch, files: Array.from({ length: 100 }, () => 7) });
    expect(body).toMatchObject({ detail: expect.stringContaining('49 more, see errors') });
    expect((body as { errors: unknown[] }).errors).toHaveLength(50);
  });
});

describe('a request', () => {
  it('keeps a valid request ID from a proxy and replaces an invalid one', async () => {
    const given = await client.get('/healthz', { 'x-request-id': 'proxy-4711-abc' });
    expect(given.headers['x-request-id']).toBe('proxy-4711-abc');
    for (const id of ['short', 'has spaces in it', 'x'.repeat(65)]) {
      const { headers } = await client.get('/healthz', { 'x-request-id': id });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('with OPTIONS lists the allowed methods', async () => {
    for (const method of ['OPTIONS', 'PUT']) {
      const { headers } = await client.send(method, '/api/batches');
      expect(headers['allow']?.split(', ')).toEqual(expect.arrayContaining(['GET', 'HEAD', 'POST']));
    }
    expect(await client.send('HEAD', '/api/batches')).toMatchObject({ status: 200, bytes: Buffer.alloc(0) });
  });

  it('from a page of another origin is rejected', async () => {
    const origin = 'http://evil.example.org';
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const answer = await client.send(method, '/api/batches', { headers });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('can have a compressed body', async () => {
    const body = gzipSync(JSON.stringify(batch));
    const answer = await client.post('/api/batches', body, { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 422, body: { type: '/problems/unknown-pipeline' } });
  });
});

describe('the rate limit', () => {
  it('rejects excess commands with Retry-After and does not affect reads', async () => {
    const strict = await TestGateway.start({ COMMANDS_PER_MINUTE: 2 });
    const answers = await Promise.all([1, 2, 3].map(() => strict.client.post('/api/batches', batch)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422, 429]));
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused).toMatchObject({ body: { type: '/problems/too-many-requests' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expectProblem(refused);
    expect(await strict.client.get('/api/batches')).toMatchObject({ status: 200 });
    expect(await strict.anonymous.post('/api/batches', batch)).toMatchObject({ status: 401 });
    await strict.close();
  });
});

describe('a gateway without NATS', () => {
  it('is ready and reports that it is degraded', async () => {
    gateway.broker.isConnected = false;
    try {
      expect(await gateway.anonymous.get('/healthz')).toMatchObject({
        status: 200,
        body: { healthy: true, degraded: expect.stringContaining('no connection to NATS') },
      });
      expect(await gateway.client.get('/api/batches')).toMatchObject({ status: 200 });
    } finally {
      gateway.broker.isConnected = true;
    }
    expect((await gateway.anonymous.get('/healthz')).body).toEqual({ healthy: true });
  });
});

describe('a gateway without its database', () => {
  it('fails its health probes, reveals no internals and keeps running', async () => {
    const orphan = await TestGateway.start();
    expect(await orphan.anonymous.get('/healthz')).toMatchObject({ status: 200, body: { healthy: true } });
    await orphan.dropDatabase();
    expect(await orphan.anonymous.get('/healthz')).toMatchObject({ status: 503, body: { healthy: false } });
    expect(await orphan.anonymous.get('/livez')).toMatchObject({ status: 200, body: { live: true } });
    for (const answer of [await orphan.client.get('/api/batches'), await orphan.client.post('/api/batches', batch)]) {
      expect(answer).toMatchObject({ status: 503, body: { type: '/problems/database-away' } });
      expectProblem(answer);
      expect(answer.bytes.toString()).not.toMatch(/select|terminat|connection|test_|\.ts|\.js/i);
    }
    await orphan.close();
  });
});
