import { type Job, Queue, Worker } from 'bullmq';
import pg from 'pg';
import { Agent, request } from 'undici';
import type { StageEvent } from '#libs/contracts';
import { buildSourceMmif } from '#libs/mmif';
import type { BullmqQuestion } from '../baselines/bullmq-chain.js';
import { latestOf, writeStatus } from '../baselines/status-rows.js';
import { answerParent } from '../workbench/answer-parent.js';

const FLUSH_MS = 15;
const FLUSH_AT = 500;

/** One stage of one run, with its document. */
interface StageJob {
  readonly batch: number;
  readonly run: number;
  readonly row: number;
  readonly guid: string;
  readonly document: string;
  /** Unix time in ms. */
  readonly queued: number;
}

const { REDIS_PORT, DATABASE_URL, APP_URLS, CONCURRENCY } = process.env;
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT) };
const urls = APP_URLS!.split(',');
const client = new pg.Client({ connectionString: DATABASE_URL! });
await client.connect();
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
const queues = urls.map((_, index) => new Queue<StageJob>(`stage-${index}`, { connection }));

const status: { event: StageEvent }[] = [];
let isFlushing = false;
let stagesLeft = 0;
let onDone: () => void = () => undefined;
let onError: (error: unknown) => void = () => undefined;

async function flush(): Promise<void> {
  isFlushing = true;
  while (status.length > 0) {
    if (status.length < FLUSH_AT) await new Promise((resolve) => setTimeout(resolve, FLUSH_MS));
    const events = latestOf(status.splice(0)).map(({ event }) => event);
    await writeStatus(client, events, false);
    stagesLeft -= events.filter(({ kind }) => kind === 'done').length;
    if (stagesLeft === 0) onDone();
  }
  isFlushing = false;
}

function report(event: StageEvent): void {
  status.push({ event });
  if (!isFlushing) flush().catch((error: unknown) => onError(error));
}

function eventOf({ batch, run, row, guid, queued }: StageJob, index: number): StageEvent {
  return {
    v: 1,
    installation: 'bullmq',
    batch,
    run,
    row,
    guid,
    index,
    stages: urls.length,
    app: `app-${index}`,
    generation: 1,
    root: '1',
    delivery: 1,
    call: 1,
    kind: 'started',
    worker: 'bullmq',
    times: {
      published: queued,
      started: Date.now(),
    },
  };
}

async function work(index: number, { data }: Job<StageJob>): Promise<void> {
  const started = eventOf(data, index);
  report(started);
  const answer = await request(`${urls[index]}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: data.document,
    dispatcher: agent,
  });
  const document = await answer.body.text();
  const next = queues[index + 1];
  if (next) await next.add('stage', { ...data, document, queued: Date.now() }, OPTIONS);
  const times = { ...started.times, settled: Date.now() };
  report({ ...started, kind: 'done', outcome: 'ok', httpStatus: answer.statusCode, counts: {}, times });
}

const OPTIONS = { removeOnComplete: true, removeOnFail: true };

for (const [index, queue] of queues.entries()) {
  const worker = new Worker<StageJob>(queue.name, (job) => work(index, job), {
    connection,
    concurrency: Number(CONCURRENCY),
  });
  worker.on('failed', (_, error) => onError(error));
  worker.on('error', (error) => onError(error));
}

answerParent(async ({ batch, runs }: BullmqQuestion) => {
  stagesLeft = runs.length * urls.length;
  const done = new Promise<void>((resolve, reject) => {
    onDone = resolve;
    onError = reject;
  });
  const jobs = runs.map(({ id, row, guid, path }) => {
    const document = Buffer.from(buildSourceMmif({ kind: 'video', path })).toString('utf8');
    return { name: 'stage', data: { batch, run: id, row, guid, document, queued: Date.now() }, opts: OPTIONS };
  });
  await queues[0]!.addBulk(jobs);
  await done;
});
