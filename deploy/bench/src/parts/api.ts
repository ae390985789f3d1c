import { batchSchema, importReportSchema } from '#libs/contracts';
import { type Chowda, PIPELINE, startChowda } from '../chowda/chowda.js';
import { csvOf, fillMediaFolder } from '../chowda/media-folder.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { watchGrowth } from '../measure/growth.js';
import { percentile } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SIZES = { full: { files: 100_000, requests: 200 }, quick: { files: 2000, requests: 20 } };
const SECOND = 1000;
const MEBIBYTE = 1024 ** 2;
/** About 150 stages/s run meanwhile. */
const CONCURRENCY = 32;
const SLOW_MS = 200;
const PAGE_ROWS = 200;
const GATEWAY_MEMORY_MIB = 400;

/** Response times with a very large batch, and the memory of the gateway. */
export async function api(bench: Workbench): Promise<PartReport> {
  const { files, requests } = bench.quick ? SIZES.quick : SIZES.full;
  const mediaFolder = bench.folder('media');
  const guids = await bench.step('Creating media files', () => fillMediaFolder(mediaFolder, files));
  const apps = smallDocumentApps(SLOW_MS);
  const chowda = await startChowda(bench, {
    name: 'chowda',
    apps,
    concurrency: CONCURRENCY,
    worker: 'no-op',
    mediaFolder,
  });
  const growthSoFar = watchGrowth({ gateway: chowda.pids['gateway']! });

  const begin = performance.now();
  const since = () => (performance.now() - begin) / SECOND;
  const report = await bench.step('Importing the CSV', () =>
    chowda.api.upload('/api/media-files/imports', csvOf(guids), 'text/csv', importReportSchema),
  );
  if (report.counts.added !== files) throw new Error(`Only ${report.counts.added} of ${files} files were added.`);
  const imported = since();
  const draft = { name: 'Large', pipeline: PIPELINE, files: guids };
  const { id } = await bench.step('Creating the batch', () => chowda.api.post('/api/batches', draft, batchSchema));
  const created = since();
  await chowda.api.command(`/api/batches/${id}/start`);
  const started = since() - created;

  const times = await bench.step('Reading while stages run', () => readTimes(chowda, id, requests));
  const { summary } = await chowda.api.get(`/api/batches/${id}`, batchSchema);
  if (summary.state !== 'running')
    throw new Error(`The batch is not running during the measurement: ${summary.sentence}`);
  const memory = growthSoFar()[0]!.peak / MEBIBYTE;
  const p95 = (name: string) => percentile(times.get(name)!, 95);
  const lists = [...times.keys()].filter((name) => name !== CELLS);
  const slowest = lists.reduce((slow, name) => (p95(name) > p95(slow) ? name : slow));
  const target = (what: string, figure: number, unit: string, limit: number) =>
    ({ what: `api: ${what}`, figure, unit, limit, side: 'at most' }) as const;
  return {
    tables: [
      {
        title: `Seconds for a batch of ${files} files from a CSV`,
        columns: ['until', 'seconds'],
        rows: [
          ['the end of the import', imported],
          ['the creation of the batch', created],
          ['the response to its start', started],
        ],
      },
      {
        title: `Response time in ms while stages run, ${requests} requests each`,
        columns: ['request', 'p50', 'p95', 'max'],
        rows: [...times].map(([name, all]) => [name, ...[50, 95, 100].map((percent) => percentile(all, percent))]),
      },
    ],
    targets: [
      target(`a batch of ${files} files created from a CSV`, created, 's', 20),
      target('response to its start', started, 's', 5),
      target(`slowest list (${slowest}), p95`, p95(slowest), 'ms', 100),
      target(`${CELLS}, p95`, p95(CELLS), 'ms', 400),
      target('memory of the gateway', memory, 'MiB', GATEWAY_MEMORY_MIB),
    ],
    notes: [`${summary.runs.done} runs were done after the last request; the apps take ${SLOW_MS} ms per file.`],
  };
}

const CELLS = 'cells';

/** Duration of each request in ms by its name; the requests alternate, and lists are read page by page. */
async function readTimes({ api: rest }: Chowda, batch: number, requests: number): Promise<Map<string, number[]>> {
  const rows = `limit=${PAGE_ROWS}`;
  const paths: Readonly<Record<string, string>> = {
    batches: `/api/batches?${rows}`,
    runs: `/api/batches/${batch}/runs?${rows}`,
    'done runs': `/api/batches/${batch}/runs?${rows}&state=done`,
    'runs by part of the GUID': `/api/batches/${batch}/runs?${rows}&query=0099999`,
    'media files': `/api/media-files?${rows}`,
    'media files by title': `/api/media-files?${rows}&query=news%2099999`,
    'media files by status': `/api/media-files?${rows}&status=never`,
    [CELLS]: `/api/batches/${batch}/cells`,
  };
  const times = new Map<string, number[]>(Object.keys(paths).map((name) => [name, []]));
  const next = new Map<string, string>();
  for (let request = 0; request < requests; request += 1) {
    for (const [name, path] of Object.entries(paths)) {
      const begin = performance.now();
      const bytes = await rest.bytes(`${path}${next.get(name) ?? ''}`);
      times.get(name)!.push(performance.now() - begin);
      if (name !== CELLS) next.set(name, cursorIn(bytes));
    }
  }
  return times;
}

/** The query parameter for the next page; empty after the last page, which selects the first page again. */
function cursorIn(page: Uint8Array): string {
  const { next } = JSON.parse(Buffer.from(page).toString()) as { next: string | null };
  return next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
}
