import type { ServerResponse } from 'node:http';
import { type ApiRequest, type Next, pathOf } from '../api-request.js';
import { ProblemError } from '../problem-error.js';
import type { ApiRoute } from './api-route.js';

type Route = Pick<ApiRoute, 'method' | 'path'>;

/** Returns a function from a path to its methods, in upper case; an empty list if the path has no route. */
export function allowedMethods(routes: readonly Route[]): (path: string) => string[] {
  const patterns = routes.map(({ method, path }) => ({
    method: method.toUpperCase(),
    pattern: patternOf(path),
    places: path.split('{').length,
  }));
  return (path) => {
    const there = patterns.filter(({ pattern }) => pattern.test(path));
    // A literal path wins over a parameter: `batches/combine` is not the ID of a batch.
    const fewest = Math.min(...there.map(({ places }) => places));
    const methods = there.filter(({ places }) => places === fewest).map(({ method }) => method);
    if (methods.length === 0) return [];
    return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])];
  };
}

/** Matches as Express does: in any case, with or without a slash at the end. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');

/** Middleware that answers `OPTIONS` and refuses methods that a path does not have, with the `Allow` header. */
export function methodsOf(
  routes: readonly Route[],
): (request: ApiRequest, response: ServerResponse, next: Next) => void {
  const allowed = allowedMethods(routes);
  return (request, response, next) => {
    const { method = 'GET' } = request;
    const methods = allowed(pathOf(request));
    if (methods.length === 0 || (methods.includes(method) && method !== 'OPTIONS')) return next();
    response.setHeader('allow', methods.join(', '));
    if (method !== 'OPTIONS') return next(noSuchMethod(method, methods));
    response.writeHead(204);
    response.end();
  };
}

const noSuchMethod = (method: string, methods: readonly string[]) =>
  new ProblemError(
    405,
    'no-such-method',
    'Method not allowed',
    `This resource does not support ${method}. Use one of ${methods.join(', ')}.`,
  );
