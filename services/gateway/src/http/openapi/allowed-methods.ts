import type { ServerResponse } from 'node:http';
import { type ApiRequest, type Next, pathOf } from '../api-request.js';
import { ProblemError } from '../problem-error.js';
import type { ApiRoute } from './api-route.js';

type Route = Pick<ApiRoute, 'method' | 'path'>;

/** Tells which methods there are at a path, in upper case; none where nothing is. */
export function allowedMethods(routes: readonly Route[]): (path: string) => string[] {
  const patterns = routes.map(({ method, path }) => ({
    method: method.toUpperCase(),
    pattern: patternOf(path),
    places: path.split('{').length,
  }));
  return (path) => {
    const there = patterns.filter(({ pattern }) => pattern.test(path));
    // What is named as it stands is no id: `batches/combine` is not a batch.
    const fewest = Math.min(...there.map(({ places }) => places));
    const methods = there.filter(({ places }) => places === fewest).map(({ method }) => method);
    if (methods.length === 0) return [];
    return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])];
  };
}

/** As Express compares paths: letters of any case, and a slash at the end or none. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');

/** Answers `OPTIONS`, and refuses methods that an address has not. */
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
    'The method is not for this address',
    `${method} is not possible here: use one of ${methods.join(', ')}.`,
  );
