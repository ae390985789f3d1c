import type { StageEvent } from '#libs/contracts';
import { buildSourceMmif } from '#libs/mmif';
import type { BareBatch } from './bare-rows.js';

/** One stage of one run in a queue, with its document. */
export interface StageJob {
  readonly batch: number;
  readonly run: number;
  readonly row: number;
  readonly guid: string;
  readonly document: string;
  /** Unix time in ms. */
  readonly queued: number;
}

/** The jobs of the first stage of a batch. */
export const firstJobs = ({ batch, runs }: BareBatch): StageJob[] =>
  runs.map(({ id, row, guid, path }) => {
    const document = Buffer.from(buildSourceMmif({ kind: 'video', path })).toString('utf8');
    return { batch, run: id, row, guid, document, queued: Date.now() };
  });

/** The event that the stage `index` of a job started now. */
export const startedJob = (
  { batch, run, row, guid, queued }: StageJob,
  { index, stages }: { readonly index: number; readonly stages: number },
): StageEvent => ({
  v: 1,
  installation: 'bullmq',
  batch,
  run,
  row,
  guid,
  index,
  stages,
  app: `app-${index}`,
  generation: 1,
  root: '1',
  delivery: 1,
  call: 1,
  kind: 'started',
  worker: 'bullmq',
  times: { published: queued, started: Date.now() },
});

/** The event that a started stage is done now. */
export const doneJob = (started: StageEvent, httpStatus: number): StageEvent => ({
  ...started,
  kind: 'done',
  outcome: 'ok',
  httpStatus,
  counts: {},
  times: { ...started.times, settled: Date.now() },
});
