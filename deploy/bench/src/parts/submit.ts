import { batchSchema } from '#libs/contracts';
import { createBatch, startBatch } from '../chowda/batches.js';
import { PIPELINE, startChowda } from '../chowda/chowda.js';
import { addMediaFiles } from '../chowda/media-rows.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { median } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = { full: { files: 100_000, repetitions: 3 }, quick: { files: 2000, repetitions: 1 } };
const SECOND = 1000;
const MEBIBYTE = 1024 ** 2;

/** The time until a very large batch is accepted and shown as waiting. */
export async function submit(bench: Workbench): Promise<PartReport> {
  const { files, repetitions } = bench.quick ? SIZES.quick : SIZES.full;
  const chowda = await startChowda(bench, {
    name: 'chowda',
    apps: smallDocumentApps(SECOND),
    concurrency: 1,
    worker: 'no-op',
  });
  const { api, databaseUrl } = chowda;
  await createBatch(chowda, SIZES.quick.files);
  const guids = await bench.step('Writing media files', () => addMediaFiles(databaseUrl, 'submitted-', files));
  const times: { accepted: number; started: number; seen: number }[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const begin = performance.now();
    const since = () => (performance.now() - begin) / SECOND;
    const draft = { name: `Large ${repetition}`, pipeline: PIPELINE, files: guids, reuse: false };
    const batch = await bench.step('Creating the batch', () => api.post('/api/batches', draft, batchSchema));
    const accepted = since();
    await startBatch(chowda, batch);
    const started = since();
    const { summary } = await api.get(`/api/batches/${batch.id}`, batchSchema);
    times.push({ accepted, started, seen: since() });
    const { waiting, running, done } = summary.runs;
    if (waiting + running + done !== files) throw new Error(`The batch shows ${waiting} of ${files} runs as waiting.`);
  }
  const of = (key: 'accepted' | 'started' | 'seen') => median(times.map((time) => time[key]));
  const bytes = Buffer.byteLength(JSON.stringify(guids)) / MEBIBYTE;
  return {
    tables: [
      {
        title: `Seconds for a batch of ${files} files (${bytes.toFixed(1)} MiB of GUIDs), medians of ${repetitions}`,
        columns: ['until', 'seconds'],
        rows: [
          ['its creation', of('accepted')],
          ['the response to its start', of('started')],
          ['its runs are shown as waiting', of('seen')],
        ],
      },
    ],
    targets: [
      {
        what: `submit: a batch of ${files} runs accepted and shown as waiting`,
        figure: of('seen'),
        unit: 's',
        limit: 5,
        side: 'at most',
      },
    ],
    notes: [],
  };
}
