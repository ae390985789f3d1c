import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  appSchema,
  type AppView,
  batchSchema,
  type BatchView,
  mediaFileSchema,
  pipelineSchema,
  runRowSchema,
} from '#libs/contracts';
import type { ApiClient } from './api-client.js';
import { until } from './until.js';

const SECOND = 1000;
const APPS_READY_WITHIN = 60 * SECOND;
export const SAMPLE_PIPELINE = 'Shots, text, entities';
export const SAMPLE_BATCH = 'Sample batch';

const sampleMediaSchema = z.array(z.object({ guid: z.string(), title: z.string(), file: z.string() }));

export interface SampleOptions {
  /** Folder with `media.json` and the files that it lists. */
  readonly mediaFolder: string;
  /** URLs of the apps, in the order of the pipeline's stages. */
  readonly appUrls: readonly string[];
}

/**
 * Loads the sample media, apps and pipeline, and starts the sample batch. Every step first checks what exists, so that an
 * interrupted run can be repeated. Returns the batch.
 */
export async function loadSamples(api: ApiClient, { mediaFolder, appUrls }: SampleOptions): Promise<BatchView> {
  const guids = await loadMedia(api, mediaFolder);
  const slugs = await registerApps(api, appUrls);
  await createPipeline(api, slugs);
  const batches = await api.list('/api/batches', batchSchema);
  const found = batches.find((batch) => batch.name === SAMPLE_BATCH);
  const batch = found ?? (await createBatch(api, SAMPLE_BATCH, guids));
  if (batch.summary.state === 'draft') await api.command(`/api/batches/${batch.id}/start`);
  return batch;
}

/** Creates and starts another batch with the files of a finished one; a number in its name counts the repetitions. */
export async function repeatBatch(api: ApiClient, batch: BatchView, files: readonly string[]): Promise<BatchView> {
  const batches = await api.list('/api/batches', batchSchema);
  const again = batches.filter(({ name }) => name.startsWith(batch.name)).length + 1;
  const repeated = await createBatch(api, `${batch.name} ${again}`, files, { reuse: false });
  await api.command(`/api/batches/${repeated.id}/start`);
  return repeated;
}

/** GUIDs of a batch's files, in row order. */
export const filesOf = async (api: ApiClient, batch: BatchView): Promise<string[]> =>
  (await api.list(`/api/batches/${batch.id}/runs`, runRowSchema)).map(({ guid }) => guid);

const createBatch = (
  api: ApiClient,
  name: string,
  files: readonly string[],
  more: { readonly reuse?: boolean } = {},
): Promise<BatchView> => api.post('/api/batches', { name, pipeline: SAMPLE_PIPELINE, files, ...more }, batchSchema);

async function loadMedia(api: ApiClient, mediaFolder: string): Promise<string[]> {
  const samples = sampleMediaSchema.parse(JSON.parse(await readFile(join(mediaFolder, 'media.json'), 'utf8')));
  for (const { guid, title, file } of samples) {
    const found = await api.list(`/api/media-files?guid=${encodeURIComponent(guid)}`, mediaFileSchema);
    if (found.some((known) => known.guid === guid)) continue;
    await api.post('/api/media-files', { guid, title, path: join(mediaFolder, file) }, mediaFileSchema);
  }
  return samples.map(({ guid }) => guid);
}

/** Registers the apps and waits until pipelines can use them; returns their slugs in order. */
async function registerApps(api: ApiClient, urls: readonly string[]): Promise<string[]> {
  const slugs: string[] = [];
  for (const url of urls) {
    const known = await api.list('/api/apps', appSchema);
    const isSame = (app: AppView) => app.url.replace(/\/$/, '') === url;
    const app = known.find(isSame) ?? (await api.post('/api/apps', { url }, appSchema));
    slugs.push(app.slug);
  }
  await until('The registration of the demo apps', APPS_READY_WITHIN, async () => {
    const known = await api.list('/api/apps', appSchema);
    return slugs.every((slug) => known.some((app) => app.slug === slug && app.ready));
  });
  return slugs;
}

async function createPipeline(api: ApiClient, slugs: readonly string[]): Promise<void> {
  const pipelines = await api.list('/api/pipelines', pipelineSchema);
  if (pipelines.some(({ name }) => name === SAMPLE_PIPELINE)) return;
  await api.post('/api/pipelines', { name: SAMPLE_PIPELINE, stages: slugs.map((app) => ({ app })) }, pipelineSchema);
}
