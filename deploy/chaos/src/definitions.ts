import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appSchema, batchSchema, mediaFileSchema, pipelineSchema, runRowSchema } from '#libs/contracts';
import { type ApiClient, until } from '#deploy/local';
import { inParallel } from './in-parallel.js';

const MINUTE = 60_000;
const AT_ONCE = 8;
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');

/** A batch with its runs. */
export interface StartedBatch {
  readonly id: number;
  /** In row order. */
  readonly runs: readonly { readonly id: number; readonly guid: string }[];
}

/** Registers apps and creates a pipeline of them in this order; returns their slugs. */
export async function savePipeline(
  api: ApiClient,
  urls: readonly string[],
  { name, concurrency }: { readonly name: string; readonly concurrency: number },
): Promise<string[]> {
  const slugs: string[] = [];
  for (const url of urls) slugs.push((await api.post('/api/apps', { url, concurrency }, appSchema)).slug);
  await until('The registration of the apps', MINUTE, async () => {
    const known = await api.list('/api/apps', appSchema);
    return slugs.every((slug) => known.some((app) => app.slug === slug && app.ready));
  });
  await api.post('/api/pipelines', { name, stages: slugs.map((app) => ({ app })) }, pipelineSchema);
  return slugs;
}

/** Registers `count` media files whose GUIDs start with `prefix`; returns the GUIDs. */
export async function addMediaFiles(
  api: ApiClient,
  folder: string,
  { prefix, count }: { readonly prefix: string; readonly count: number },
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const guids = Array.from({ length: count }, (_, nth) => `${prefix}${nth}`);
  await inParallel(AT_ONCE, guids, async (guid) => {
    const path = join(folder, `${guid}.mp4`);
    await writeFile(path, MEDIA);
    await api.post('/api/media-files', { guid, path }, mediaFileSchema);
  });
  return guids;
}

/** Creates a draft batch of files on a pipeline; with `reuse`, it uses results of earlier runs. */
export async function createBatch(
  api: ApiClient,
  pipeline: string,
  files: readonly string[],
  { reuse = false }: { readonly reuse?: boolean } = {},
): Promise<StartedBatch> {
  const { id } = await api.post(
    '/api/batches',
    { name: `Files from ${files[0]}`, pipeline, files, reuse },
    batchSchema,
  );
  const rows = await api.list(`/api/batches/${id}/runs`, runRowSchema);
  return { id, runs: rows.map(({ id: run, guid }) => ({ id: run, guid })) };
}
