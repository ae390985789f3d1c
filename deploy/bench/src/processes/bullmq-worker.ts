import { type Job, type JobsOptions, Queue, Worker } from 'bullmq';
import pg from 'pg';
import { Agent, request } from 'undici';
import type { StageEvent } from '#libs/contracts';
import type { BareBatch } from '../baselines/bare-rows.js';
import type { BullmqWork } from '../baselines/bullmq-chain.js';
import { checkAddition, withOutput } from '../baselines/duties.js';
import { doneJob, firstJobs, type StageJob, startedJob } from '../baselines/stage-job.js';
import { StatusWriter } from '../baselines/status-writer.js';
import { answerParent } from '../workbench/answer-parent.js';

const { REDIS_PORT, DATABASE_URL, APP_URLS, CONCURRENCY, WORK, STALLED_MS } = process.env;
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT) };
const urls = APP_URLS!.split(',');
const client = new pg.Client({ connectionString: DATABASE_URL! });
await client.connect();
const writer = new StatusWriter(client);
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
const queues = urls.map((_, index) => new Queue<StageJob>(`stage-${index}`, { connection }));
const stalled = STALLED_MS ? { lockDuration: Number(STALLED_MS), stalledInterval: Number(STALLED_MS) } : {};

const REMOVED = { removeOnComplete: true, removeOnFail: true };
const OPTIONS: Readonly<Record<BullmqWork, JobsOptions>> = {
  status: REMOVED,
  duties: { ...REMOVED, attempts: 4, backoff: { type: 'exponential', delay: 1000 } },
};

let stagesLeft = 0;
let onDone: () => void = () => undefined;
let onError: (error: unknown) => void = () => undefined;

function countDone(): void {
  stagesLeft -= 1;
  if (stagesLeft === 0) onDone();
}

async function call(url: string, document: string): Promise<{ status: number; answer: string }> {
  const { statusCode, body } = await request(`${url}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: document,
    dispatcher: agent,
  });
  return { status: statusCode, answer: await body.text() };
}

/** Adds the job of the next stage, if there is one. */
const addNext = (job: StageJob, { index }: StageEvent, document: string) =>
  queues[index + 1]?.add('stage', { ...job, document, queued: Date.now() }, options);

/** How a chain ends a stage: it adds the next job and writes the row. */
type Finish = (job: StageJob, done: StageEvent, answer: string) => Promise<void>;

const FINISH: Readonly<Record<BullmqWork, Finish>> = {
  status: async (job, done, answer) => {
    await addNext(job, done, answer);
    writer.write(done).then(countDone, onError);
  },
  duties: async (job, done, answer) => {
    if (done.httpStatus !== 200) throw new Error(`The app answered with status ${done.httpStatus}.`);
    checkAddition(job.document, answer);
    const output = Buffer.from(answer);
    await writer.write(withOutput(done, output), output);
    await addNext(job, done, answer);
    countDone();
  },
};

const work = WORK as BullmqWork;
const options = OPTIONS[work];
for (const [index, queue] of queues.entries()) {
  const perform = async ({ data }: Job<StageJob>): Promise<void> => {
    const started = startedJob(data, { index, stages: urls.length });
    writer.write(started).catch((error: unknown) => onError(error));
    const { status, answer } = await call(urls[index]!, data.document);
    await FINISH[work](data, doneJob(started, status), answer);
  };
  const worker = new Worker<StageJob>(queue.name, perform, {
    connection,
    concurrency: Number(CONCURRENCY),
    ...stalled,
  });
  worker.on('failed', (job, error) => {
    if (!job || job.attemptsMade >= (job.opts.attempts ?? 1)) onError(error);
  });
  worker.on('error', (error) => onError(error));
}

answerParent(async (batch: BareBatch) => {
  stagesLeft = batch.runs.length * urls.length;
  const done = new Promise<void>((resolve, reject) => {
    onDone = resolve;
    onError = reject;
  });
  await queues[0]!.addBulk(firstJobs(batch).map((data) => ({ name: 'stage', data, opts: options })));
  await done;
});
