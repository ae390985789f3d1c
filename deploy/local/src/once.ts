import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { batchSchema, type BatchView, runRowSchema, runSchema, type RunView } from '#libs/contracts';
import type { ApiClient } from './api-client.js';
import { reasons, resultsTable } from './results-table.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const POLL_INTERVAL = SECOND / 4;
/** A batch without a change for this time counts as stuck. */
const STUCK_AFTER = 10 * MINUTE;

export interface OnceOptions {
  readonly resultsFolder: string;
  readonly print: (text: string) => void;
}

/**
 * Waits until a batch is finished, writes the final MMIF of each run and prints a table. Returns the exit code: 0 when
 * every run is done, otherwise 1 after printing the reasons.
 */
export async function finishOnce(
  api: ApiClient,
  batchId: number,
  { resultsFolder, print }: OnceOptions,
): Promise<number> {
  const batch = await untilFinished(api, batchId, print);
  const rows = await api.list(`/api/batches/${batchId}/runs`, runRowSchema);
  const runs = await Promise.all(rows.map(({ id }) => api.get(`/api/runs/${id}`, runSchema)));
  await mkdir(resultsFolder, { recursive: true });
  for (const run of runs) await writeResult(api, run, resultsFolder);
  print(`\n${resultsTable(runs)}\n`);
  const failures = reasons(runs);
  if (batch.summary.state !== 'finished')
    failures.unshift(`The batch made no progress for ${STUCK_AFTER / MINUTE} minutes.`);
  for (const reason of failures) print(reason);
  const written = runs.length - reasons(runs).length;
  print(`${written} of ${runs.length} MMIF files are in ${resultsFolder}.`);
  return failures.length === 0 ? 0 : 1;
}

/** Prints the batch's sentence whenever it changes; returns early when the batch is stuck. */
async function untilFinished(api: ApiClient, batchId: number, print: (text: string) => void): Promise<BatchView> {
  let sentence = '';
  let version = -1;
  let changedAt = Date.now();
  for (;;) {
    const batch = await api.get(`/api/batches/${batchId}`, batchSchema).catch((error: unknown) => {
      // The gateway may be unavailable for a moment while it restarts.
      if (Date.now() - changedAt > STUCK_AFTER) throw error;
      return null;
    });
    if (batch === null) {
      await delay(POLL_INTERVAL);
      continue;
    }
    if (batch.summary.sentence !== sentence) print(batch.summary.sentence);
    if (batch.summary.version !== version) changedAt = Date.now();
    ({ sentence, version } = batch.summary);
    if (batch.summary.state === 'finished' || Date.now() - changedAt > STUCK_AFTER) return batch;
    await delay(POLL_INTERVAL);
  }
}

/** Writes the document of the last stage; nothing for a run that is not done. */
async function writeResult(api: ApiClient, run: RunView, folder: string): Promise<void> {
  const document = run.stages.at(-1)?.document;
  if (run.state !== 'done' || !document) return;
  const target = join(folder, `${run.guid}.mmif`);
  await writeFile(`${target}.part`, await api.bytes(document.url));
  await rename(`${target}.part`, target);
}
