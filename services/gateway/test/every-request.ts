import { RUN_FILTER_STATES, STAGE_MARKS } from '#libs/contracts';
import type { HttpClient } from './http-client.js';

/** One command to the REST interface. */
export interface CommandRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Ids and names in an archive that requests refer to. */
export interface Landmarks {
  readonly app: string;
  readonly pipeline: number;
  readonly collection: number;
  /** A running batch, its finished run and its failed run. */
  readonly batch: number;
  readonly done: number;
  readonly failed: number;
  readonly fingerprint: string;
  /** GUID of the finished run's file. */
  readonly guid: string;
}

/** Every read request, with every filter. */
export function readPaths({ app, pipeline, collection, batch, done, failed, fingerprint, guid }: Landmarks): string[] {
  const ofBatch = `/api/batches/${batch}`;
  const [stage, attempt] = [`/api/runs/${done}/stages/0`, '?attempt=1-1'];
  return [
    '/healthz',
    '/livez',
    '/api/session',
    '/api/actions',
    `/api/actions?batch=${batch}`,
    '/api/openapi.json',
    '/api/docs',
    '/api/docs/swagger-ui.css',
    '/api/apps',
    `/api/apps/${app}`,
    `/api/apps/${app}/health`,
    `/api/apps/${app}/explain`,
    '/api/pipelines?query=large&archived=all',
    `/api/pipelines/${pipeline}`,
    `/api/pipelines/${pipeline}/versions`,
    `/api/pipelines/${pipeline}/versions/1`,
    `/api/pipelines/${pipeline}/diff`,
    '/api/media-files',
    `/api/media-files?guid=${guid}`,
    `/api/media-files?query=${guid}`,
    `/api/media-files?query=${guid.slice(9, -3).toUpperCase()}`,
    '/api/media-files?query=evening%20news%20day%2012',
    ...['never', 'running', 'failed', 'done'].map((status) => `/api/media-files?status=${status}`),
    `/api/media-files?collection=${collection}`,
    `/api/media-files?collection=${collection}&query=day%201&status=done`,
    `/api/media-files/${guid}`,
    '/api/collections',
    `/api/collections/${collection}`,
    `/api/collections/${collection}/files`,
    '/api/imports/1',
    '/api/imports/1/lines',
    '/api/batches',
    '/api/batches?state=running&query=batch&archived=all',
    ofBatch,
    `${ofBatch}/runs`,
    ...RUN_FILTER_STATES.flatMap((state) => [
      `${ofBatch}/runs?state=${state}`,
      `${ofBatch}/runs?state=${state}&stage=1`,
    ]),
    ...STAGE_MARKS.map((mark) => `${ofBatch}/runs?mark=${mark}`),
    `${ofBatch}/runs?stage=1&fingerprint=${fingerprint}`,
    `${ofBatch}/runs?query=${guid}`,
    `${ofBatch}/runs?query=evening%20news`,
    `${ofBatch}/errors`,
    `${ofBatch}/errors/1/${fingerprint}`,
    `${ofBatch}/explain`,
    `${ofBatch}/cells`,
    `${ofBatch}/export?formats=mmif,csv&stages=final`,
    `${ofBatch}/export?formats=mmif&stages=all`,
    `${ofBatch}/estimate`,
    `${ofBatch}/estimate?trial=10`,
    `${ofBatch}/usage`,
    `${ofBatch}/deletion`,
    `${ofBatch}/retention`,
    '/api/retention',
    `/api/runs/${done}`,
    `/api/runs/${failed}`,
    `/api/runs/${failed}/input`,
    `/api/runs/${failed}/attempts`,
    `/api/runs/${failed}/explain`,
    `/api/runs/${done}/export?format=mmif`,
    ...['document', 'summary', 'index'].flatMap((what) => [`${stage}/${what}`, `${stage}/${what}${attempt}`]),
  ];
}

/** Every command; each is sent once, in this order. */
export function commands({ app, pipeline, collection, batch, guid }: Landmarks): CommandRequest[] {
  const post = (path: string, body: unknown = {}): CommandRequest => ({ method: 'POST', path, body });
  const draft = { name: 'Asked for', pipeline: 'Large', files: [guid] };
  const stages = [{ app, parameters: {} }];
  return [
    { method: 'PATCH', path: `/api/apps/${app}`, body: { notes: 'Asked for.' } },
    post('/api/pipelines', { name: 'Asked for', stages }),
    post('/api/pipelines/check', { name: 'Asked for', stages }),
    post(`/api/pipelines/${pipeline}/clone`, { name: 'Asked for again' }),
    { method: 'PATCH', path: `/api/pipelines/${pipeline}`, body: { description: 'Asked for.' } },
    post('/api/media-files/imports', { guids: [guid, 'cpb-aacip-nothing'] }),
    { method: 'PATCH', path: `/api/media-files/${guid}`, body: { title: 'Asked for' } },
    post(`/api/media-files/${guid}/link`),
    post('/api/collections', { name: 'Asked for', files: [guid] }),
    post('/api/collections', { name: 'Asked for by words', search: { query: 'day 12' } }),
    post(`/api/collections/${collection}/files`, { add: [guid], remove: ['cpb-aacip-nothing'] }),
    { method: 'PATCH', path: `/api/collections/${collection}`, body: { description: 'Asked for.' } },
    post('/api/batches', draft),
    post('/api/batches', { name: 'Asked for', pipeline: 'Large', collection }),
    post('/api/batches', { name: 'Asked for', pipeline: 'Large', from: { batch, runs: 'failed' } }),
    post(`/api/batches/${batch}/start`),
    post(`/api/batches/${batch}/duplicate`, { name: 'Asked for' }),
    post('/api/batches/combine', { name: 'Asked for', batches: [batch] }),
    { method: 'PATCH', path: `/api/batches/${batch}`, body: { name: 'Asked for', weight: 50 } },
    { method: 'PUT', path: `/api/batches/${batch}/retention`, body: { keep: 'final', days: 30 } },
    { method: 'DELETE', path: `/api/collections/${collection}` },
    { method: 'DELETE', path: `/api/batches/${batch}` },
  ];
}

/** Sends a request and throws for a server error; a 4xx answer is accepted. */
export async function ask(client: HttpClient, { method, path, body }: CommandRequest): Promise<void> {
  const { status, bytes } = await client.send(method, path, body === undefined ? {} : { body });
  if (status >= 500 && status !== 503) throw new Error(`${method} ${path}: ${status} ${bytes.toString()}`);
}
