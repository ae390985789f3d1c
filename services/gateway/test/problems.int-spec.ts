import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemSchema } from '#libs/contracts';
import { ApiRoutes } from '../src/http/openapi/api-routes.js';
import { problemsOf } from '../src/http/openapi/common-problems.js';
import { OUTSIDE_ROUTES, PROBLEM_TYPES } from '../src/http/problem-types.js';
import { TestGateway } from './test-gateway.js';

const NAMES = Object.keys(PROBLEM_TYPES);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.close());

describe('a problem type', () => {
  it('has a page with meaning, next action and HTTP status', async () => {
    const { body } = await gateway.client.post('/api/batches', { name: 'a', pipeline: 'none', files: ['x'] });
    const { type } = problemSchema.parse(body);
    expect(await gateway.client.get(type)).toMatchObject({
      status: 200,
      body: {
        type,
        title: 'Unknown pipeline',
        meaning: expect.stringContaining('Save it first'),
        statuses: [404, 422],
        answeredBy: expect.arrayContaining([expect.objectContaining({ method: 'POST', path: '/api/batches' })]),
      },
    });
  });

  it.each(NAMES)('%s is explained in complete sentences', async (name) => {
    const { status, body } = await gateway.client.get(`/problems/${name}`);
    const { meaning, statuses } = body as { meaning: string; statuses: number[] };
    expect(status).toBe(200);
    expect(meaning).toMatch(/^[A-Z][^]+[.]$/);
    expect(meaning.split(/\s/).length).toBeGreaterThan(7);
    expect(statuses.length).toBeGreaterThan(0);
  });

  it('keeps the page of an earlier name', async () => {
    expect(await gateway.client.get('/problems/in-the-way')).toMatchObject({
      status: 200,
      body: { type: '/problems/conflict', statuses: [503] },
    });
  });

  it.each(['nothing', 'constructor', 'toString', '__proto__', 'Unknown-batch'])('%s is unknown', async (name) => {
    expect(await gateway.client.get(`/problems/${name}`)).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-problem' },
    });
  });
});

describe('the problem types', () => {
  // The compiler checks that the code throws only these.
  it('are those declared by routes and those of requests without a route', () => {
    const routes = gateway.app.get(ApiRoutes, { strict: false }).list();
    const declared = routes.flatMap((route) => [...problemsOf(route).values()].flat());
    expect(new Set([...declared, ...Object.keys(OUTSIDE_ROUTES)])).toEqual(new Set(NAMES));
  });
});
