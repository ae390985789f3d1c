import { startAppServer } from '../chowda/app-server.js';
import type { ClientCost, ClientQuestion, ClientVariant } from '../chowda/client-cost.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { interleaved, median } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Target } from '../report/target.js';
import { startChild } from '../workbench/child.js';
import { processScript } from '../workbench/scripts.js';
import type { Workbench } from '../workbench/workbench.js';

const KIBIBYTE = 1024;
const VARIANTS: readonly ClientVariant[] = ['callApp', 'bare undici', 'fetch'];
const SIZES = [
  { name: '2 KB', bytes: 2 * KIBIBYTE, requests: 4000, quickRequests: 300, concurrency: 8 },
  { name: '4 MB', bytes: 4 * KIBIBYTE * KIBIBYTE, requests: 60, quickRequests: 4, concurrency: 2 },
];
const REPETITIONS = { full: 7, quick: 1 };

/** The cost of the app client of libs/clams, compared with undici, on which it is based, and with fetch. */
export async function clams(bench: Workbench): Promise<PartReport> {
  const repetitions = bench.quick ? REPETITIONS.quick : REPETITIONS.full;
  const apps = await startAppServer(bench, smallDocumentApps().slice(1, 2));
  const client = await startChild(bench, { name: 'client', script: processScript('client-cost'), environment: {} });
  const rows: (string | number)[][] = [];
  const targets: Target[] = [];
  for (const { name, bytes, requests, quickRequests, concurrency } of SIZES) {
    const ask = (variant: ClientVariant) =>
      bench.step(`${variant}, ${name}`, () =>
        client.ask<ClientCost>({
          variant,
          url: apps.urls[0]!,
          bytes,
          requests: bench.quick ? quickRequests : requests,
          concurrency,
        } satisfies ClientQuestion),
      );
    for (const variant of VARIANTS) await ask(variant);
    const costs = new Map<ClientVariant, ClientCost[]>(VARIANTS.map((variant) => [variant, []]));
    for (const round of interleaved(VARIANTS, repetitions)) {
      for (const variant of round) costs.get(variant)!.push(await ask(variant));
    }
    const cpuOf = (variant: ClientVariant) => median(costs.get(variant)!.map(({ microseconds }) => microseconds));
    const rateOf = (variant: ClientVariant) => median(costs.get(variant)!.map(({ perSecond }) => perSecond));
    for (const variant of VARIANTS) {
      rows.push([name, variant, repetitions, cpuOf(variant), cpuOf(variant) / cpuOf('bare undici'), rateOf(variant)]);
    }
    targets.push({
      what: `clams: CPU of a call with ${name}, as a multiple of bare undici`,
      figure: cpuOf('callApp') / cpuOf('bare undici'),
      unit: 'times',
      limit: 1.3,
      side: 'at most',
    });
  }
  return {
    tables: [
      {
        title: 'CPU time of the sending process for one request',
        columns: ['document', 'client', 'reps', 'µs', 'ratio', 'requests/s'],
        rows,
      },
    ],
    targets,
    notes: ['The app adds a small view and returns the document.'],
  };
}
