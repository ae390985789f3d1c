import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  appSchema,
  type BatchSummary,
  batchSchema,
  mediaFileSchema,
  type NewPipeline,
  pipelineSchema,
  type RegisteredAppView,
  registeredAppSchema,
  runRowSchema,
  runSchema,
  type RunView,
  type StageRunView,
} from '#libs/contracts';
import { waitFor } from '#libs/testing';
import { ApiClient } from '../src/api-client.js';

const MINUTE = 60_000;
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');

/** A running Chowda, used over its REST interface. */
export class Archive {
  constructor(
    readonly api: ApiClient,
    private readonly mediaFolder: string,
  ) {}

  addFile(guid: string, path: string): Promise<unknown> {
    return this.api.post('/api/media-files', { guid, path }, mediaFileSchema);
  }

  /** Adds files that contain only the first bytes of a video. */
  async addStubs(guids: readonly string[]): Promise<void> {
    for (const guid of guids) {
      const path = join(this.mediaFolder, `${guid}.mp4`);
      await writeFile(path, MEDIA);
      await this.addFile(guid, path);
    }
  }

  /** Registers an app, or registers it again, with concurrency 1. */
  register(url: string): Promise<RegisteredAppView> {
    return this.api.post('/api/apps', { url, concurrency: 1 }, registeredAppSchema);
  }

  /** Registers apps and waits until pipelines can use them; returns their slugs. */
  async readyApps(urls: readonly string[]): Promise<string[]> {
    const slugs: string[] = [];
    for (const url of urls) slugs.push((await this.register(url)).slug);
    const ready = async () => {
      const known = await this.api.list('/api/apps', appSchema);
      return slugs.every((slug) => known.some((app) => app.slug === slug && app.ready));
    };
    await waitFor(ready, { within: MINUTE, what: `The registration of ${slugs.join(', ')}` });
    return slugs;
  }

  /** Creates a pipeline and a draft batch of files; returns the ID of the batch. */
  async draft({ name, stages }: NewPipeline, files: readonly string[]): Promise<number> {
    await this.api.post('/api/pipelines', { name, stages }, pipelineSchema);
    return (await this.api.post('/api/batches', { name, pipeline: name, files, reuse: false }, batchSchema)).id;
  }

  start(batch: number): Promise<void> {
    return this.api.command(`/api/batches/${batch}/start`);
  }

  async summary(batch: number): Promise<BatchSummary> {
    return (await this.api.get(`/api/batches/${batch}`, batchSchema)).summary;
  }

  async untilFinished(batch: number): Promise<void> {
    const isFinished = async () => {
      const { state, sentence } = await this.summary(batch);
      if (state !== 'finished') throw new Error(sentence);
      return true;
    };
    await waitFor(isFinished, { within: MINUTE, what: `The end of batch ${batch}` });
  }

  /** Runs of a batch in the order of its files. */
  async runs(batch: number): Promise<RunView[]> {
    const rows = await this.api.list(`/api/batches/${batch}/runs`, runRowSchema);
    return Promise.all(rows.map(({ id }) => this.api.get(`/api/runs/${id}`, runSchema)));
  }

  /** One stage of each run, in the order of the files. */
  async stages(batch: number, index: number): Promise<StageRunView[]> {
    return (await this.runs(batch)).map(({ stages }) => stages[index]!);
  }
}
