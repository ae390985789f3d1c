import { api } from './parts/api.js';
import { chain } from './parts/chain.js';
import { clams } from './parts/clams.js';
import { fairness } from './parts/fairness.js';
import { growth } from './parts/growth.js';
import { http } from './parts/http.js';
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
  { name: 'chain', title: 'a stage with its app in process, beside a bare chain and the leanest', measure: chain },
  { name: 'http', title: 'a stage through a web service, beside BullMQ with its status in Postgres', measure: http },
  { name: 'clams', title: 'a call of an app by our client, beside undici and fetch', measure: clams },
  { name: 'latency', title: 'from publishing a stage to an idle worker', measure: latency },
  { name: 'submit', title: 'a batch of 100,000 runs until it is accepted', measure: submit },
  { name: 'api', title: 'the REST interface over a batch of 100,000 files while its stages run', measure: api },
  { name: 'fairness', title: 'a small batch behind one of 100,000 runs', measure: fairness },
  { name: 'large', title: 'memory and heartbeats while a document of 50 MiB passes three stages', measure: large },
  { name: 'live', title: 'status from the worker to 1,000 browsers at 1,000 events a second', measure: live },
  { name: 'growth', title: 'a stage when the tables hold 1,000 to 1,000,000 stages', measure: growth },
  { name: 'spine', title: 'the whole local stack: from start to first stage, and idle', measure: spine },
];
