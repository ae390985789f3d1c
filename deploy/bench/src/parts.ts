import { alone } from './parts/alone.js';
import { api } from './parts/api.js';
import { busy } from './parts/busy.js';
import { chain } from './parts/chain.js';
import { clams } from './parts/clams.js';
import { fairness } from './parts/fairness.js';
import { growth } from './parts/growth.js';
import { http } from './parts/http.js';
import { kill } from './parts/kill.js';
import { large } from './parts/large.js';
import { latency } from './parts/latency.js';
import { live } from './parts/live.js';
import { spine } from './parts/spine.js';
import { submit } from './parts/submit.js';
import type { PartReport } from './report/part-report.js';
import type { Workbench } from './workbench/workbench.js';

/** One part of the bench. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly measure: (bench: Workbench) => Promise<PartReport>;
}

/** All parts, in the order in which they run. */
export const PARTS: readonly Part[] = [
  { name: 'chain', title: 'a stage with an in-process app, compared with a bare and a leanest chain', measure: chain },
  {
    name: 'http',
    title: 'a stage through a web service, compared with BullMQ without and with the duties',
    measure: http,
  },
  { name: 'busy', title: 'the share of the time in which the slots of three apps in a row work', measure: busy },
  { name: 'alone', title: 'one file through an idle system until it is seen as finished', measure: alone },
  { name: 'kill', title: 'the worker is killed in the middle of a batch', measure: kill },
  { name: 'clams', title: 'an app call by libs/clams, compared with undici and fetch', measure: clams },
  { name: 'latency', title: 'time from publishing a stage to its start on an idle worker', measure: latency },
  { name: 'submit', title: 'time until a batch of 100,000 runs is accepted', measure: submit },
  { name: 'api', title: 'REST requests on a batch of 100,000 files while its stages run', measure: api },
  { name: 'fairness', title: 'a small batch behind a batch of 100,000 runs', measure: fairness },
  { name: 'large', title: 'memory and heartbeats while a document of 50 MiB passes three stages', measure: large },
  { name: 'live', title: 'status from the worker to 1,000 browsers at 1,000 events/s', measure: live },
  { name: 'growth', title: 'a stage when the tables contain 1,000 to 1,000,000 stages', measure: growth },
  { name: 'spine', title: 'the whole local stack: start to first stage, and idle cost', measure: spine },
];
