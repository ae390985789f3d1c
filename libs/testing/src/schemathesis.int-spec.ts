import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fuzz, type FuzzResult, schemathesis } from './schemathesis.js';
import { testFolder } from './test-run.js';

const MINUTE = 60_000;
const json = (schema: object) => ({ description: 'Done.', content: { 'application/json': { schema } } });
const NUMBER = json({ type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] });
const key = [{ in: 'header', name: 'Idempotency-Key', schema: { type: 'string' } }];
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'A service', version: '1' },
  paths: {
    '/forgetful': { post: { parameters: key, responses: { 201: NUMBER } } },
    '/faithful': { post: { parameters: key, responses: { 201: NUMBER } } },
    '/anonymous': { get: { responses: { 200: NUMBER } } },
    '/never': { get: { responses: { 200: NUMBER, 404: { description: 'None.' } } } },
  },
};

let server: Server;
let result: FuzzResult | null = null;
beforeAll(async () => {
  const environment = await schemathesis();
  if (!environment) return;
  server = await startService();
  result = await fuzz({
    python: environment.python,
    document: `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`,
    token: 'token',
    folder: await testFolder('fuzz'),
    examples: 5,
    seed: 1,
    phases: ['fuzzing'],
  });
}, 2 * MINUTE);
afterAll(() => void server?.close());

/** Increments a number with each command, except for a known key of `/faithful`. */
async function startService(): Promise<Server> {
  const known = new Map<string, number>();
  let number = 0;
  const started = createServer((request, response) => {
    const given = String(request.headers['idempotency-key'] ?? '');
    const asked = String(request.headers['x-request-id'] ?? '');
    const id = /^[\w-]{8,64}$/.test(asked) ? asked : 'request-1';
    const answer = (status: number, body: object, headers = {}) => {
      const ids = request.url === '/anonymous' ? {} : { 'x-request-id': id };
      response.writeHead(status, { 'content-type': 'application/json', ...ids, ...headers });
      response.end(JSON.stringify(body));
    };
    number += 1;
    if (request.url === '/openapi.json') return answer(200, DOCUMENT);
    if (request.url === '/never') return answer(404, {});
    if (request.method === 'GET') return answer(200, { number });
    const before = request.url === '/faithful' && given !== '' ? known.get(given) : undefined;
    if (before !== undefined) return answer(201, { number: before }, { 'idempotency-replayed': 'true' });
    known.set(given, number);
    answer(201, { number });
  });
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  return started;
}

describe(fuzz, () => {
  it('reports only the command that ignores a repeated key', () => {
    if (!result) return;
    expect(result.isClean).toBe(false);
    expect(partsOf(result.output)['POST /forgetful']).toContain('Different responses to the same key');
    expect(partsOf(result.output)['POST /faithful']).toBeUndefined();
    expect(result.tally.repetitions).toBeGreaterThan(1);
  });

  it('reports responses without the ID of their request', () => {
    if (!result) return;
    expect(partsOf(result.output)['GET /anonymous']).toContain('A response without the ID of its request');
  });

  it('lists operations without success', () => {
    if (!result) return;
    expect(result.tally.neverDone.map(({ name }) => name)).toEqual(['GET /never']);
    expect(Object.keys(result.tally.classes)).toEqual(expect.arrayContaining(['2xx', '4xx']));
  });
});

/** The output about each operation. */
const partsOf = (output: string): Record<string, string> =>
  Object.fromEntries(
    output
      .split(/^_{3,} (?=[A-Z]+ \/)/m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf(' __')), part]),
  );
