import {
  batchSchema,
  type BatchSummary,
  type BatchView,
  decodeBody,
  liveCommitSchema,
  liveSubject,
} from '#libs/contracts';
import type { NatsLink } from '#libs/messaging';
import type { CpuTimes } from '../measure/cpu-meter.js';
import { cpuPer } from '../measure/cpu-meter.js';
import type { Workbench } from '../workbench/workbench.js';
import { type Chowda, PIPELINE } from './chowda.js';
import { addMediaFiles } from './media-rows.js';

const SECOND = 1000;

/** The cost of a batch from its start to its end. */
export interface BatchCost {
  readonly stages: number;
  readonly seconds: number;
  /** Microseconds of CPU per stage, by process. */
  readonly cpu: CpuTimes;
}

let batches = 0;

/** Creates a draft batch of new media files. */
export async function createBatch(chowda: Pick<Chowda, 'api' | 'databaseUrl'>, files: number): Promise<BatchView> {
  batches += 1;
  const guids = await addMediaFiles(chowda.databaseUrl, `bench-${process.pid}-${batches}-`, files);
  return chowda.api.post(
    '/api/batches',
    { name: `Bench ${batches}`, pipeline: PIPELINE, files: guids, reuse: false },
    batchSchema,
  );
}

export const startBatch = ({ api }: Pick<Chowda, 'api'>, { id }: BatchView): Promise<void> =>
  api.command(`/api/batches/${id}/start`);

/** Resolves when the recorder reports that the batch is finished; rejects if one of its runs is not done. */
export function untilFinished(link: NatsLink, { id, files }: BatchView): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = link.connection.subscribe(liveSubject(id), {
      callback: (error, message) => {
        const summary = error ? null : liveCommitSchema.parse(decodeBody(message.data).head).summary;
        if (summary?.state !== 'finished') return;
        subscription.unsubscribe();
        if (summary.runs.done === files) resolve();
        else reject(new Error(`Not every run is done. ${summary.sentence} ${firstError(summary)}`));
      },
    });
  });
}

const firstError = ({ errors }: BatchSummary): string => errors[0]?.sentence ?? '';

/** Starts a batch of `files` files and waits until it is finished; returns its cost. */
export async function runBatch(bench: Workbench, chowda: Chowda, files: number, what: string): Promise<BatchCost> {
  const batch = await createBatch(chowda, files);
  await chowda.watchers.watch([batch.id]);
  const finished = untilFinished(chowda.link, batch);
  await chowda.link.connection.flush();
  const before = chowda.cpu();
  await startBatch(chowda, batch);
  await bench.step(what, () => finished);
  const after = chowda.cpu();
  const { startedAt, finishedAt } = await chowda.api.get(`/api/batches/${batch.id}`, batchSchema);
  const stages = files * chowda.slugs.length;
  const seconds = (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / SECOND;
  return { stages, seconds, cpu: cpuPer(stages, before, after) };
}
