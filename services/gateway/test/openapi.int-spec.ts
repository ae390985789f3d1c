import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { oas31 } from 'zod-openapi';
import { z } from 'zod';
import { problemSchema } from '#libs/contracts';
import { ApiRoutes } from '../src/http/openapi/api-routes.js';
import { type ApiRoute, isCommand } from '../src/http/openapi/api-route.js';
import { targetsOf } from '../src/http/openapi/links.js';
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

/** Schema errors of an example, by route. */
const faultsOf = (name: string, schema: z.ZodType, content: oas31.MediaTypeObject | undefined): string[] =>
  examplesOf(content).flatMap((example) => {
    const { success, error } = schema.safeParse(example);
    return success ? [] : [`${name}: ${z.prettifyError(error)} in ${JSON.stringify(example)}`];
  });

const examplesOf = (content: oas31.MediaTypeObject | undefined): unknown[] =>
  content?.examples
    ? Object.values(content.examples).map((example) => (example as oas31.ExampleObject).value as unknown)
    : [content?.example];

describe('the OpenAPI document', () => {
  it('contains every route with its answers', () => {
    expect(routes.filter(({ answers }) => answers === null).map(({ name }) => name)).toEqual([]);
    const paths = Object.entries(document.paths!).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(new Set(paths)).toEqual(new Set(routes.map(({ path, method }) => `${method} ${path}`)));
  });

  it('gives each operation a unique name derived from its route', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['postBatches', 'postBatchesByIdStart', 'getOpenapiJson']));
  });

  it('describes every path parameter', () => {
    const misnamed = routes.filter(({ path, places }) => {
      const named = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      return named.size !== places.length || places.some(({ name }) => !named.has(name));
    });
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  it('states the size limit of bodies', () => {
    const limits = routes.map(operationOf).flatMap(({ operationId, requestBody }) => {
      const { description } = (requestBody ?? {}) as oas31.RequestBodyObject;
      return requestBody ? [[operationId, description]] : [];
    });
    expect(limits.filter(([, text]) => !/^At most \d+ MiB\.$/.test(text ?? ''))).toEqual([]);
    expect(Object.fromEntries(limits)).toMatchObject({
      postBatches: 'At most 16 MiB.',
      postMediaFilesImports: 'At most 64 MiB.',
      postPipelines: 'At most 1 MiB.',
    });
  });

  it('has request examples that match their schemas', () => {
    const faults = routes.flatMap((route) => {
      const schema = route.body ?? route.answers!.bodies?.['application/json'];
      return schema instanceof z.ZodType
        ? faultsOf(route.name, schema, contentOf(operationOf(route).requestBody)['application/json'])
        : [];
    });
    expect(faults).toEqual([]);
  });

  it('has answer examples that match their schemas', () => {
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

  it('has a meaningful example of every body', () => {
    const bodies = routes.flatMap((route) =>
      Object.entries(operationOf(route).requestBody ? contentOf(operationOf(route).requestBody) : {}).map(
        ([type, content]) => ({ body: `${route.name} ${type}`, examples: examplesOf(content) }),
      ),
    );
    const isEmpty = (example: unknown) => ['{}', '""', '"text"', undefined].includes(JSON.stringify(example));
    const empty = bodies.filter(({ examples }) => examples.every(isEmpty));
    expect(empty).toEqual([]);
    expect(bodies.map(({ body }) => body)).toContain('BatchInputsController.upload application/json');
  });

  it('groups operations under described tags and describes every parameter', () => {
    const groups = document.tags!.map(({ name }) => name);
    expect(new Set(operations().flatMap(({ tags = [] }) => tags))).toEqual(new Set(groups));
    expect(document.tags!.every(({ description = '' }) => description !== '')).toBe(true);
    const parameters = operations().flatMap(({ operationId, parameters: given = [] }) =>
      (given as oas31.ParameterObject[]).map((parameter) => ({ operationId, ...parameter })),
    );
    const mute = parameters.filter(({ description = '' }) => description === '');
    expect(mute.map(({ operationId, name }) => `${operationId} ${name}`)).toEqual([]);
  });

  it('links answers to the operations that continue with them', () => {
    const byId = new Map(operations().map((operation) => [operation.operationId, operation]));
    const links = operations().flatMap(({ operationId, responses = {} }) =>
      Object.entries(responses).flatMap(([status, response]) =>
        Object.values((response as oas31.ResponseObject).links ?? {}).map((link) => ({
          from: `${operationId} ${status}`,
          link: link as oas31.LinkObject,
        })),
      ),
    );
    for (const { link } of links) {
      const places = ((byId.get(link.operationId)?.parameters ?? []) as oas31.ParameterObject[])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name);
      expect(new Set(Object.keys(link.parameters ?? {}))).toEqual(new Set(places));
    }
    const pairs = links.map(({ from, link }) => `${from} -> ${link.operationId}`);
    expect(pairs).toEqual(
      expect.arrayContaining([
        'postBatches 201 -> getBatchesByIdCells',
        'postPipelines 201 -> getPipelinesById',
        'postCollections 201 -> getCollectionsByIdFiles',
        'postMediaFilesImports 201 -> getImportsByIdLines',
        'getBatchesByIdRuns 200 -> getRunsByIdStagesByIndexDocument',
        'getBatchesByIdErrors 200 -> getBatchesByIdErrorsByIndexByFingerprint',
      ]),
    );
    expect(pairs.filter((pair) => pair.startsWith('getRetention') || pair.includes(' 4'))).toEqual([]);
  });

  it('links only to existing operations', () => {
    const links = routes.flatMap(({ name, answers }) => (answers?.links ?? []).map((link) => ({ name, link })));
    expect(links.filter(({ link }) => targetsOf(link, routes).length === 0)).toEqual([]);
    expect(links.length).toBeGreaterThan(10);
  });

  it('shows examples and query descriptions only where the route reads a body or that parameter', () => {
    const misplaced = routes.filter(({ answers, body, query, queryNames }) => {
      const parameters = [...queryNames, ...Object.keys((query as z.ZodObject | null)?.shape ?? {})];
      const hasJson = body !== null || 'application/json' in (answers?.bodies ?? {});
      return (
        (answers?.examples !== undefined && !hasJson) ||
        Object.keys(answers?.query ?? {}).some((name) => !parameters.includes(name))
      );
    });
    expect(misplaced.map(({ name }) => name)).toEqual([]);
  });

  it('has a tag for every route', () => {
    expect(routes.filter(({ tag }) => tag === null).map(({ name }) => name)).toEqual([]);
  });

  it('has a single body limit per path, because the parser runs before Nest chooses a route', () => {
    const limits = new Map<string, Set<number>>();
    for (const { path, limit, body, answers } of routes)
      if (body || answers?.bodies) limits.set(path, new Set([...(limits.get(path) ?? []), limit.bytes]));
    expect([...limits].filter(([, bytes]) => bytes.size > 1)).toEqual([]);
  });

  it('declares conditional requests exactly where answers have an ETag', async () => {
    const { status, headers } = await gateway.client.get('/api/batches');
    expect([status, typeof headers.etag]).toEqual([200, 'string']);
    expect(await gateway.client.get('/api/batches', { 'if-none-match': headers.etag! })).toMatchObject({ status: 304 });
    const named = (path: string) => Object.keys((document.paths![path]!.get as oas31.OperationObject).responses!);
    expect(named('/api/batches')).toContain('304');
    expect(named('/api/docs')).not.toContain('304');
  });

  it('declares a body as optional exactly where it can be omitted', () => {
    const free = routes
      .filter(({ body }) => body?.safeParse(undefined).success)
      .map((route) => `${route.method} ${route.path}`);
    const described = routes
      .filter((route) => (operationOf(route).requestBody as oas31.RequestBodyObject | undefined)?.required === false)
      .map((route) => `${route.method} ${route.path}`);
    expect(described).toEqual(free);
    expect(free).toEqual(expect.arrayContaining(['post /api/batches/{id}/start', 'post /api/batches/{id}/duplicate']));
    expect(free).not.toContain('post /api/batches');
  });

  it('declares the media types of files, with a schema only for whole JSON documents', () => {
    const answersOf = (path: string) => (document.paths![path]!.get as oas31.OperationObject).responses!;
    const exported = contentOf(answersOf('/api/runs/{id}/export')['200']);
    expect(Object.keys(exported)).toEqual(expect.arrayContaining(['application/json', 'text/vtt', 'text/csv']));
    expect(exported['application/json']!.schema).toMatchObject({ type: 'object' });
    expect(exported['text/vtt']!.schema).toMatchObject({ type: 'string' });
    expect(contentOf(answersOf('/api/runs/{id}/stages/{index}/document')['206'])).toEqual({ 'application/json': {} });
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

  it('declares the Idempotency-Key for every command and for no read request', () => {
    const keyed = routes.filter((route) =>
      (operationOf(route).parameters as oas31.ParameterObject[] | undefined)?.some(
        ({ name }) => name === 'Idempotency-Key',
      ),
    );
    const commands = routes.filter(isCommand);
    expect(keyed.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
  });

  it('leaves idempotency to the scheduler exactly for the commands that it carries out', () => {
    const ofScheduler = routes.filter((route) => isCommand(route) && route.controllerNeeds.includes(OperatorService));
    const kept = routes.filter((route) => isCommand(route) && route.isKeptByScheduler);
    expect(kept.map(({ name }) => name)).toEqual(ofScheduler.map(({ name }) => name));
  });

  it('requires authentication, as do its pages', async () => {
    for (const path of ['/api/openapi.json', '/api/docs', '/api/docs/show.js'])
      expect(await gateway.anonymous.get(path)).toMatchObject({ status: 401 });
  });
});

describe('the pages of the OpenAPI document', () => {
  it('load all resources from the gateway', async () => {
    const page = await gateway.client.get('/api/docs');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const html = page.bytes.toString();
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(addresses).toHaveLength(5);
    for (const address of addresses) {
      expect(address).toMatch(/^\/api\/docs\//);
      expect(await gateway.client.get(address)).toMatchObject({ status: 200 });
    }
    expect(html).not.toMatch(/<script>|<style|style=/);
  });

  it.each(['package.json', '..%2fpackage.json', 'index.html', 'constructor'])(
    'do not serve the file %s',
    async (file) => {
      expect(await gateway.client.get(`/api/docs/${file}`)).toMatchObject({
        status: 404,
        body: { type: '/problems/unknown-route' },
      });
    },
  );
});
