import type { oas31 } from 'zod-openapi';
import type { ApiRoute } from './api-route.js';

/** An answer that tells of things, and where in it (or in its request) their names stand, by place in a path. */
interface Teller {
  readonly route: string;
  /** Where the paths of what it leads to begin. */
  readonly to: string;
  readonly names: Readonly<Record<string, string>>;
}

const ID = { id: '$response.body#/id' };
const FIRST = { id: '$response.body#/items/0/id' };

/** Which answers tell how to go on, and where to. */
const TELLERS: readonly Teller[] = [
  { route: 'post /api/batches', to: '/api/batches/{id}', names: ID },
  { route: 'get /api/batches', to: '/api/batches/{id}', names: FIRST },
  { route: 'post /api/batches/combine', to: '/api/batches/{id}', names: ID },
  { route: 'post /api/batches/{id}/duplicate', to: '/api/batches/{id}', names: ID },
  { route: 'get /api/batches/{id}/runs', to: '/api/runs/{id}', names: { ...FIRST, index: '0' } },
  {
    route: 'get /api/batches/{id}/errors',
    to: '/api/batches/{id}/errors/{index}/{fingerprint}',
    names: {
      id: '$request.path.id',
      index: '$response.body#/items/0/index',
      fingerprint: '$response.body#/items/0/fingerprint',
    },
  },
  { route: 'get /api/runs/{id}', to: '/api/batches/{id}', names: { id: '$response.body#/batch' } },
  { route: 'get /api/runs/{id}', to: '/api/media-files/{guid}', names: { guid: '$response.body#/guid' } },
  { route: 'post /api/media-files', to: '/api/media-files/{guid}', names: { guid: '$response.body#/guid' } },
  { route: 'get /api/media-files', to: '/api/media-files/{guid}', names: { guid: '$response.body#/items/0/guid' } },
  { route: 'post /api/media-files/imports', to: '/api/imports/{id}', names: { id: '$response.body#/import' } },
  { route: 'post /api/collections', to: '/api/collections/{id}', names: ID },
  { route: 'get /api/collections', to: '/api/collections/{id}', names: FIRST },
  { route: 'post /api/apps', to: '/api/apps/{slug}', names: { slug: '$response.body#/slug' } },
  { route: 'get /api/apps', to: '/api/apps/{slug}', names: { slug: '$response.body#/items/0/slug' } },
  { route: 'post /api/pipelines', to: '/api/pipelines/{id}', names: ID },
  { route: 'get /api/pipelines', to: '/api/pipelines/{id}', names: FIRST },
  { route: 'post /api/pipelines/{id}/clone', to: '/api/pipelines/{id}', names: ID },
  {
    route: 'get /api/pipelines/{id}/versions',
    to: '/api/pipelines/{id}/versions/{version}',
    names: { id: '$request.path.id', version: '$response.body#/items/0/version' },
  },
];

type Target = Pick<ApiRoute, 'method' | 'path'> & { readonly id: string };

/** What can be read next with what the answers of a route tell, by the name of the operation. */
export function linksOf(
  { method, path }: Pick<ApiRoute, 'method' | 'path'>,
  targets: readonly Target[],
): Record<string, oas31.LinkObject> {
  const tellers = TELLERS.filter(({ route }) => route === `${method} ${path}`);
  const links = tellers.flatMap(({ to, names }) =>
    targets
      .filter((target) => target.method === 'get' && (target.path === to || target.path.startsWith(`${to}/`)))
      .flatMap((target) => {
        const places = [...target.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
        if (places.some((place) => !(place in names))) return [];
        const parameters = Object.fromEntries(places.map((place) => [place, names[place]!]));
        return [[target.id, { operationId: target.id, parameters }] as const];
      }),
  );
  return Object.fromEntries(links);
}

/** Routes that tell how to go on. */
export const TELLING: ReadonlySet<string> = new Set(TELLERS.map(({ route }) => route));
