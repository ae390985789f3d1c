import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { problemSchema, problemType } from '#libs/contracts';
import type { RawAnswer, RouteAnswers } from './answers.decorator.js';
import { type ApiRoute, isCommand } from './api-route.js';
import { problemsOf } from './common-problems.js';
import { placeSchema } from './path-places.js';
import { ANSWER_EXAMPLES, exampleIn } from './example-values.js';
import { bodyOf } from './request-body.js';
import { TAGS } from './tags.js';

const STATUSES: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Started.',
  204: 'Done; the response has no body.',
  206: 'The requested part.',
  303: 'Redirect.',
  304: 'Not modified.',
};

/** Header of every command. */
const KEY = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .meta({
      description:
        'Identifies the command, for example a UUID. If the command is sent again with the same key, it is not carried out again; the response is the first one.',
      examples: ['0d3b0c8e-2f4f-4c51-9a36-6c1f3d0f6d8e'],
    }),
});

/** A route in the OpenAPI document. */
export function operationOf(route: ApiRoute): ZodOpenApiOperationObject {
  const { answers, isPublic } = route;
  return {
    operationId: operationId(route),
    ...(answers ? { summary: answers.summary } : {}),
    ...(answers?.description === undefined ? {} : { description: answers.description }),
    tags: route.tag === null ? [] : [TAGS[route.tag].name],
    ...(isPublic ? { security: [] } : {}),
    requestParams: {
      ...(route.places.length > 0
        ? { path: z.object(Object.fromEntries(route.places.map((place) => [place.name, placeSchema(place)]))) }
        : {}),
      ...queryOf(route),
      ...(isCommand(route) ? { header: KEY } : {}),
    },
    ...bodyOf(route),
    responses: together(successes(route), failures(route)),
  };
}

/** An ID made of method and path, and as stable as they are: `postBatchesByIdStart`. */
export function operationId({ method, path }: Pick<ApiRoute, 'method' | 'path'>): string {
  const words = path
    .replace(/^\/api\//, '/')
    .split(/[/.-]/)
    .filter((word) => word !== '');
  return (
    method +
    words
      .map((word) =>
        word
          .replace(/^\{(\w)(.*)\}$/, (_, first: string, rest: string) => `By${first.toUpperCase()}${rest}`)
          .replace(/^./, (letter) => letter.toUpperCase()),
      )
      .join('')
  );
}

function queryOf({ query, queryNames, answers }: ApiRoute) {
  const names = Object.fromEntries(queryNames.map((name) => [name, z.string().optional()]));
  if (query instanceof z.ZodObject) return { query: described(query.extend(names), answers?.query) };
  if (query) return { query: query as z.ZodObject };
  return queryNames.length > 0 ? { query: described(z.object(names), answers?.query) } : {};
}

/** A query schema with the descriptions that `@Answers` has for its parameters. */
const described = (query: z.ZodObject, descriptions: RouteAnswers['query'] = {}): z.ZodObject =>
  query.extend(
    Object.fromEntries(
      Object.entries(descriptions).map(([name, description]) => {
        const schema = query.shape[name] as z.ZodType;
        return [name, schema.meta({ ...schema.meta(), description })];
      }),
    ),
  );

function successes({ method, answers }: ApiRoute): ZodOpenApiResponsesObject {
  const own = answers?.answers ?? {};
  // Express sends an entity tag with every JSON response.
  const isTagged = method === 'get' && own[200] instanceof z.ZodType;
  const all: RouteAnswers['answers'] = isTagged ? { ...own, 304: null } : own;
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => {
      const description = STATUSES[Number(status)] ?? 'Response.';
      if (answer === null) return [status, { description }];
      if (isRaw(answer)) return [status, { description: answer.description, content: rawContent(status, answer) }];
      return [status, { description, content: { 'application/json': { schema: answer } } }];
    }),
  );
}

/** Joins responses of the same status: a health check answers 503 with its own body or with a problem. */
function together(one: ZodOpenApiResponsesObject, other: ZodOpenApiResponsesObject): ZodOpenApiResponsesObject {
  const both = Object.keys(one).filter((status) => status in other) as `${1 | 2 | 3 | 4 | 5}${string}`[];
  const joined = both.map((status) => {
    const [a, b] = [one[status], other[status]] as ZodOpenApiResponseObject[];
    const description = `${a!.description} ${b!.description}`;
    return [status, { description, content: { ...a!.content, ...b!.content } }];
  });
  return { ...one, ...other, ...(Object.fromEntries(joined) as ZodOpenApiResponsesObject) };
}

const isRaw = (answer: z.ZodType | RawAnswer): answer is RawAnswer => !(answer instanceof z.ZodType);

/** Content of a raw response. Part of a document (206) matches no schema, so it has none. */
const rawContent = (status: string, { type }: RawAnswer) =>
  Object.fromEntries(
    [type].flat().map((given) => {
      const mediaType = given.split(';', 1)[0]!.trim();
      const isJson = /[/+]json$/.test(mediaType);
      const schema = {
        type: isJson ? ('object' as const) : ('string' as const),
        ...exampleIn(ANSWER_EXAMPLES, mediaType),
      };
      return [mediaType, status === '206' ? {} : { schema }];
    }),
  );

function failures(route: ApiRoute): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    [...problemsOf(route)].map(([status, names]) => [
      String(status),
      {
        description: names.map((name) => `\`${name}\``).join(', '),
        content: {
          'application/problem+json': {
            schema: problemSchema,
            examples: Object.fromEntries(names.map((name) => [name, { value: problemExample(name, status) }])),
          },
        },
      },
    ]),
  );
}

const problemExample = (name: string, status: number) => ({
  type: problemType(name),
  title: name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase()),
  status,
  detail: 'What happened in this case, and what to do.',
  requestId: '0d3b0c8e-2f4f-4c51-9a36-6c1f3d0f6d8e',
});
