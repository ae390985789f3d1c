import { z } from 'zod';
import { createDocument, type oas31, type ZodOpenApiPathsObject } from 'zod-openapi';
import * as contracts from '#libs/contracts';
import type { ApiRoute } from './api-route.js';
import { candidateBodies, type ExampleSchema, exampleOf } from './example-of.js';
import { linksOf } from './links.js';
import { operationId, operationOf } from './operation.js';
import { TAGS } from './tags.js';

const DESCRIPTION = `
Processes archives of audio and video with pipelines of CLAMS apps.

Errors are problem documents (RFC 9457): \`type\` is stable and is also the URL of its explanation, \`detail\` describes
what happened and what to do, and \`requestId\` identifies the request in the log. Lists are pages of at most 200 rows:
\`next\` is the \`cursor\` of the following page. A command with an \`Idempotency-Key\` is carried out once, however often
it is sent.`.trim();

/** The OpenAPI document of all routes. */
export function openApiDocument(routes: readonly ApiRoute[], version: string): oas31.OpenAPIObject {
  nameSchemas();
  const paths: ZodOpenApiPathsObject = {};
  for (const route of [...routes].sort(inReadingOrder))
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Chowda',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: Object.values(TAGS),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The access token, or the session of a signed-in user.',
        },
      },
    },
  });
  addExamples(document, routes);
  addLinks(document, routes);
  return document;
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/** Collections before their items, reading before changing. */
const inReadingOrder = (one: ApiRoute, other: ApiRoute): number =>
  one.path === other.path
    ? METHODS.indexOf(one.method) - METHODS.indexOf(other.method)
    : one.path < other.path
      ? -1
      : 1;

/** Names each exported schema of the contracts, so that generated clients use the same type names. */
function nameSchemas(): void {
  for (const [name, schema] of Object.entries(contracts as Record<string, unknown>)) {
    if (!(schema instanceof z.ZodType) || !name.endsWith('Schema') || z.globalRegistry.get(schema)?.id) continue;
    const id = name.replace(/Schema$/, '').replace(/^./, (letter) => letter.toUpperCase());
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  }
}

interface MediaType {
  schema?: ExampleSchema;
  example?: unknown;
  examples?: unknown;
}

function addExamples({ paths = {}, components }: oas31.OpenAPIObject, routes: readonly ApiRoute[]): void {
  const definitions = (reference: string) =>
    (components?.schemas?.[reference.split('/').at(-1)!] ?? {}) as unknown as ExampleSchema;
  const add = (content: object | undefined, example: (schema: ExampleSchema) => unknown) => {
    for (const mediaType of Object.values(content ?? {}) as MediaType[])
      if (mediaType.schema && !mediaType.examples) mediaType.example ??= example(mediaType.schema);
  };
  for (const { path, method, body } of routes) {
    const operation = (paths[path] as Record<string, oas31.OperationObject>)[method]!;
    add((operation.requestBody as oas31.RequestBodyObject | undefined)?.content, (schema) => {
      const candidates = candidateBodies(schema, definitions);
      return candidates.find((candidate) => body?.safeParse(candidate).success) ?? candidates[0];
    });
    for (const response of Object.values(operation.responses ?? {}) as oas31.ResponseObject[])
      add(response.content, (schema) => (isBare(schema) ? undefined : exampleOf(schema, { definitions, full: true })));
  }
}

/** Whether a schema only states that the content is text or bytes. */
const isBare = ({ type, examples }: ExampleSchema): boolean => type === 'string' && examples === undefined;

/** Adds the links of each route to its successful responses. */
function addLinks({ paths = {} }: oas31.OpenAPIObject, routes: readonly ApiRoute[]): void {
  const targets = routes.map(({ method, path }) => ({ method, path, id: operationId({ method, path }) }));
  for (const route of routes) {
    const links = linksOf(route, targets);
    if (Object.keys(links).length === 0) continue;
    const { responses = {} } = (paths[route.path] as Record<string, oas31.OperationObject>)[route.method]!;
    for (const [status, response] of Object.entries(responses))
      if (status.startsWith('2')) (response as oas31.ResponseObject).links = links;
  }
}
