import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ApiClient, until } from '#deploy/local';
import {
  appSchema,
  batchSchema,
  collectionSchema,
  errorGroupRowSchema,
  importReportSchema,
  mediaFileSchema,
  mediaLinkSchema,
  pageOf,
  pipelineSchema,
  runRowSchema,
} from '#libs/contracts';
import type { KnownThings } from '#libs/testing';
import type { FuzzApps } from './fuzz-apps.js';

/** The first one is used in the examples of the OpenAPI document. */
const GUIDS = ['cpb-aacip-507-zw18k75z4h', 'cpb-aacip-1', 'cpb-aacip-2'] as const;
const CHANGED_GUID = 'cpb-aacip-3';
/** The pipeline in the examples of the OpenAPI document. */
const PIPELINE = 'speech to text';
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');
const READY_WITHIN = 60_000;
/** More than a run deletes at random. */
const SPARE = 30;

/** Creates objects of every kind: waiting, running, failed and done batches, and the objects that they need. */
export async function fill(api: ApiClient, mediaFolder: string, apps: FuzzApps): Promise<KnownThings> {
  await mkdir(mediaFolder, { recursive: true });
  for (const guid of [...GUIDS, CHANGED_GUID]) {
    const path = join(mediaFolder, `${guid}.mp4`);
    await writeFile(path, MEDIA);
    await api.post('/api/media-files', { guid, path }, mediaFileSchema);
  }
  // A file without a registration.
  const unregistered = join(mediaFolder, 'unregistered.mp4');
  await writeFile(unregistered, MEDIA);
  const slugs = await Promise.all([apps.good, apps.failing, apps.endless].map((url) => register(api, url)));
  const [good, failing, endless] = slugs as [string, string, string];
  const done = await pipeline(api, PIPELINE, [good]);
  await pipeline(api, PIPELINE, [good, good]);
  const changed = await many(2, (number) => pipeline(api, `changed ${number}`, [good]));
  await pipeline(api, 'fails', [good, failing]);
  await pipeline(api, 'does not end', [endless]);

  const drafts = (name: string, count: number) => many(count, (number) => batch(api, PIPELINE, `${name} ${number}`));
  const spare = await drafts('spare', SPARE);
  const finished = await many(3, (number) => started(api, PIPELINE, `done ${number}`));
  const again = await started(api, PIPELINE, 'done, for a retry');
  const failed = await many(2, (number) => started(api, 'fails', `failed ${number}`));
  const running = await many(6, (number) => started(api, 'does not end', `running ${number}`));
  for (const id of [...finished, again, ...failed])
    await until(`Batch ${id}`, READY_WITHIN, async () => (await show(api, id)).summary.state === 'finished');
  // A retried batch has no failures: the other failed batch is not retried.
  const [kept, retried] = failed as [number, number];
  const lists = await Promise.all([...finished, kept, retried].map((id) => runsOf(api, id)));
  const [group] = await api.list(`/api/batches/${kept}/errors`, errorGroupRowSchema);
  const { import: imported } = await api.post('/api/media-files/imports', { guids: [...GUIDS] }, importReportSchema);
  const { url } = await api.post(`/api/media-files/${GUIDS[0]}/link`, {}, mediaLinkSchema);
  return {
    batch: [...finished, kept],
    'retried batch': [retried],
    'failed batch': [kept],
    'failed stage': [group!.index],
    draft: await drafts('draft', 3),
    'draft with inputs': await drafts('draft with inputs', 3),
    'draft to start': await drafts('draft to start', 5),
    'changed batch': await drafts('changed', 3),
    endless: running.slice(0, 3),
    'spare endless': running.slice(3, 5),
    'spare batch': spare,
    run: lists.slice(0, -1).flat(),
    'spare run': [...lists.at(-1)!, ...(await runsOf(api, again))],
    'endless run': await runsOf(api, running.at(-1)!),
    import: [imported!],
    collection: await many(2, (number) => collection(api, `kept ${number}`)),
    'spare collection': await many(SPARE, (number) => collection(api, `spare ${number}`)),
    pipeline: [done],
    'changed pipeline': changed,
    'pipeline name': [PIPELINE],
    guid: GUIDS,
    'guid of an input': GUIDS,
    'changed guid': [CHANGED_GUID],
    'media path': [unregistered],
    app: [good, failing],
    'changed app': [endless],
    'app address': [apps.good],
    fingerprint: [group!.fingerprint],
    stage: [0, 1],
    version: [1, 2],
    'media token': [url.split('/').at(-1)!],
    'docs file': ['show.js', 'swagger-ui.css'],
    'problem name': ['unknown-batch', 'invalid-request'],
    'cursor of media files': await cursor(api, '/api/media-files'),
    'cursor of batches': await cursor(api, '/api/batches'),
    'cursor of collections': await cursor(api, '/api/collections'),
    'cursor of pipelines': await cursor(api, '/api/pipelines'),
  };
}

async function register(api: ApiClient, url: string): Promise<string> {
  const { slug } = await api.post('/api/apps', { url, concurrency: 4 }, appSchema);
  await until(`App ${slug}`, READY_WITHIN, async () => (await api.get(`/api/apps/${slug}`, appSchema)).ready);
  return slug;
}

const pipeline = async (api: ApiClient, name: string, apps: readonly string[]) =>
  (await api.post('/api/pipelines', { name, stages: apps.map((app) => ({ app })) }, pipelineSchema)).id;

const batch = async (api: ApiClient, ofPipeline: string, name: string) =>
  (await api.post('/api/batches', { name, pipeline: ofPipeline, files: GUIDS, reuse: false }, batchSchema)).id;

async function started(api: ApiClient, ofPipeline: string, name: string): Promise<number> {
  const id = await batch(api, ofPipeline, name);
  await api.post(`/api/batches/${id}/start`, {}, batchSchema);
  return id;
}

const show = (api: ApiClient, id: number) => api.get(`/api/batches/${id}`, batchSchema);

const runsOf = async (api: ApiClient, id: number) =>
  (await api.list(`/api/batches/${id}/runs`, runRowSchema)).map((run) => run.id);

const collection = async (api: ApiClient, name: string) =>
  (await api.post('/api/collections', { name, files: GUIDS.slice(0, 2) }, collectionSchema)).id;

const cursor = async (api: ApiClient, list: string) => {
  const { next } = await api.get(`${list}?limit=1`, pageOf(z.unknown()));
  return next === null ? [] : [next];
};

/** Sequentially, with numbers from 1. */
async function many(count: number, make: (number: number) => Promise<number>): Promise<number[]> {
  const ids: number[] = [];
  for (let number = 1; number <= count; number += 1) ids.push(await make(number));
  return ids;
}
