import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { oas31 } from 'zod-openapi';
import { z } from 'zod';
import { problemSchema } from '#libs/contracts';
import { ApiRoutes } from '../src/http/openapi/api-routes.js';
import { type ApiRoute, isCommand } from '../src/http/openapi/api-route.js';
import { OperatorService } from '../src/operator/operator.service.js';
import { TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let routes: ApiRoute[];
let document: oas31.OpenAPIObject;
beforeAll(async () => {
  gateway = await TestGateway.start();
  routes = gateway.app.get(ApiRoutes, { strict: false }).list();
  const answer = await gateway.client.get('/api/openapi.json');
  document = answer.body as oas31.OpenAPIObject;
});
afterAll(() => gateway.close());

const operationOf = ({ path, method }: ApiRoute) =>
  (document.paths![path] as Record<string, oas31.OperationObject>)[method]!;
const operations = () => routes.map(operationOf);
const contentOf = (part: unknown) => (part as oas31.RequestBodyObject).content;

/** What a schema does not accept of its example, by route. */
const faultsOf = (name: string, schema: z.ZodType, content: oas31.MediaTypeObject | undefined): string[] => {
  const { success, error } = schema.safeParse(content?.example);
  return success ? [] : [`${name}: ${z.prettifyError(error)} in ${JSON.stringify(content?.example)}`];
};

describe('the OpenAPI document', () => {
  it('has every route, and every route says what it answers', () => {
    expect(routes.filter(({ answers }) => answers === null).map(({ name }) => name)).toEqual([]);
    const paths = Object.entries(document.paths!).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(new Set(paths)).toEqual(new Set(routes.map(({ path, method }) => `${method} ${path}`)));
  });

  it('gives each operation a name of its own, and one that is made of its route alone', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['postBatches', 'postBatchesByIdStart', 'getOpenapiJson']));
  });

  it('names every place in a path', () => {
    const misnamed = routes.filter(({ path, places }) => {
      const named = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      return named.size !== places.length || places.some(({ name }) => !named.has(name));
    });
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  it('has examples of bodies that their schemas accept', () => {
    const faults = routes.flatMap((route) =>
      route.body ? faultsOf(route.name, route.body, contentOf(operationOf(route).requestBody)['application/json']) : [],
    );
    expect(faults).toEqual([]);
  });

  it('has examples of answers that their schemas accept', () => {
    const faults = routes.flatMap((route) =>
      Object.entries(route.answers!.answers).flatMap(([status, schema]) =>
        schema instanceof z.ZodType
          ? faultsOf(
              `${route.name} ${status}`,
              schema,
              contentOf(operationOf(route).responses![status])['application/json'],
            )
          : [],
      ),
    );
    expect(faults).toEqual([]);
  });

  it('has an example of every problem', () => {
    for (const operation of operations())
      for (const [status, response] of Object.entries(operation.responses!).filter(([code]) => Number(code) >= 400)) {
        const { examples = {} } = contentOf(response)['application/problem+json'] ?? {};
        for (const [name, example] of Object.entries(examples))
          expect(problemSchema.parse((example as { value: unknown }).value)).toMatchObject({
            type: `/problems/${name}`,
            status: Number(status),
          });
      }
  });

  it('takes an Idempotency-Key with every command, and with no question', () => {
    const keyed = routes.filter((route) =>
      (operationOf(route).parameters as oas31.ParameterObject[] | undefined)?.some(
        ({ name }) => name === 'Idempotency-Key',
      ),
    );
    const commands = routes.filter(isCommand);
    expect(keyed.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
  });

  it('leaves keys to the scheduler exactly where it does what is asked for', () => {
    const asked = routes.filter((route) => isCommand(route) && route.controllerNeeds.includes(OperatorService));
    const kept = routes.filter((route) => isCommand(route) && route.isKeptByScheduler);
    expect(kept.map(({ name }) => name)).toEqual(asked.map(({ name }) => name));
  });

  it('is for those who are signed in, as its pages are', async () => {
    for (const path of ['/api/openapi.json', '/api/docs', '/api/docs/show.js'])
      expect(await gateway.anonymous.get(path)).toMatchObject({ status: 401 });
  });
});

describe('the pages of the document', () => {
  it('take everything from here', async () => {
    const page = await gateway.client.get('/api/docs');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const html = page.bytes.toString();
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(addresses).toHaveLength(4);
    for (const address of addresses) {
      expect(address).toMatch(/^\/api\/docs\//);
      expect(await gateway.client.get(address)).toMatchObject({ status: 200 });
    }
    expect(html).not.toMatch(/<script>|<style|style=/);
  });

  it.each(['package.json', '..%2fpackage.json', 'index.html'])('have no file %s', async (file) => {
    expect(await gateway.client.get(`/api/docs/${file}`)).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-route' },
    });
  });
});
