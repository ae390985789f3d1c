import type { ZodOpenApiMediaTypeObject, ZodOpenApiOperationObject } from 'zod-openapi';
import { limitText } from '../body-limits.js';
import type { ApiRoute } from './api-route.js';
import { BODY_EXAMPLES, exampleIn } from './example-values.js';

type Examples = NonNullable<ZodOpenApiMediaTypeObject['examples']>;

const rawBody = (type: string, description: string) => ({
  type: 'string' as const,
  description,
  ...exampleIn(BODY_EXAMPLES, type),
});

/** The request body of a route, in all media types that it accepts. */
export function bodyOf({ body, answers, limit }: ApiRoute): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  const raw = Object.entries(answers?.bodies ?? {}).map(([type, content]) => [
    type,
    typeof content === 'string' ? { schema: rawBody(type, content) } : { schema: content },
  ]);
  const content = Object.fromEntries([...(body ? [['application/json', { schema: body }]] : []), ...raw]) as Record<
    string,
    ZodOpenApiMediaTypeObject
  >;
  const examples = Object.entries(answers?.examples ?? {}).map(([name, value]) => [name, { value }]);
  if (examples.length > 0) content['application/json']!.examples = Object.fromEntries(examples) as Examples;
  const required = body === null || !body.safeParse(undefined).success;
  const description = `At most ${limitText(limit)}.`;
  return Object.keys(content).length > 0 ? { requestBody: { description, required, content } } : {};
}
