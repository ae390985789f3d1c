import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  type BatchView,
  CELLS_VERSION_HEADER,
  MAX_PAGE_ROWS,
  type Page,
  type RunRow,
  type RunView,
} from '#libs/contracts';
import { getJson, request } from './request.js';

const pagePath = (path: string, limit: number, cursor: string | null) =>
  `${path}?limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
const BATCHES_PER_PAGE = 50;

const pages = <Item>(path: string, limit: number) => ({
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    getJson<Page<Item>>(pagePath(path, limit, pageParam), signal),
  getNextPageParam: (page: Page<Item>) => page.next,
});

/** All batches, newest first, in pages. */
export const batchesQuery = infiniteQueryOptions({
  queryKey: ['batches'],
  ...pages<BatchView>('/api/batches', BATCHES_PER_PAGE),
});

/** One batch. */
export const batchQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batch', batch],
    queryFn: ({ signal }) => getJson<BatchView>(`/api/batches/${batch}`, signal),
  });

/** The runs of a batch in row order, in pages. */
export const runsQuery = (batch: number) =>
  infiniteQueryOptions({
    queryKey: ['batch', batch, 'runs'],
    ...pages<RunRow>(`/api/batches/${batch}/runs`, MAX_PAGE_ROWS),
  });

/** One run with its stages. */
export const runQuery = (run: number) =>
  queryOptions({ queryKey: ['run', run], queryFn: ({ signal }) => getJson<RunView>(`/api/runs/${run}`, signal) });

/** Requests the start of a draft; the batch has started when its state changes. */
export async function startBatch(batch: number): Promise<void> {
  await request(`/api/batches/${batch}/start`, { method: 'POST' });
}

/** The states of all cells, one byte each in row order, with their batch version. */
export async function fetchCells(batch: number): Promise<{ version: number; cells: Uint8Array }> {
  const response = await request(`/api/batches/${batch}/cells`, { cache: 'no-cache' });
  const version = Number(response.headers.get(CELLS_VERSION_HEADER) ?? Number.NaN);
  if (!Number.isInteger(version)) throw new Error(`The response has no valid ${CELLS_VERSION_HEADER} header.`);
  return { version, cells: new Uint8Array(await response.arrayBuffer()) };
}
