import type { oas31 } from 'zod-openapi';
import type { RouteLink } from './answers.decorator.js';
import type { ApiRoute } from './api-route.js';

/** Value of `{id}` in a response that is one resource. */
export const ID = { id: '$response.body#/id' } as const;
/** Value of `{id}` in a response that is a page. */
export const FIRST_ID = { id: '$response.body#/items/0/id' } as const;

type Target = Pick<ApiRoute, 'method' | 'path'> & { readonly id: string };

/** OpenAPI links of a route, by the operation that each leads to. */
export function linksOf(
  { answers }: Pick<ApiRoute, 'answers'>,
  targets: readonly Target[],
): Record<string, oas31.LinkObject> {
  const links = (answers?.links ?? []).flatMap((link) =>
    targetsOf(link, targets).map(({ id, path }) => {
      const parameters = Object.fromEntries(placesOf(path).map((place) => [place, link.parameters[place]!]));
      return [id, { operationId: id, parameters }] as const;
    }),
  );
  return Object.fromEntries(links);
}

/** The routes that a link leads to; none means that the link is wrong. */
export const targetsOf = <Route extends Pick<ApiRoute, 'method' | 'path'>>(
  { to, parameters }: RouteLink,
  routes: readonly Route[],
): Route[] =>
  routes.filter(
    ({ method, path }) =>
      method === 'get' &&
      (path === to || path.startsWith(`${to}/`)) &&
      placesOf(path).every((place) => place in parameters),
  );

const placesOf = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
