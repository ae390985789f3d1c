import { setTimeout as delay } from 'node:timers/promises';
import {
  decodeBody,
  newLineageHeader,
  runRowSchema,
  settledSubject,
  slipSchema,
  stageHeaders,
  stageSubject,
  startedSubject,
  STREAMS,
} from '#libs/contracts';
import { readLast } from '#libs/messaging';
import { createBatch, startBatch, untilFinished } from '../chowda/batches.js';
import { type Chowda, startChowda } from '../chowda/chowda.js';
import { smallDocumentApps } from '../chowda/no-op-app.js';
import { percentile } from '../measure/statistics.js';
import type { PartReport } from '../report/part-report.js';
import type { Workbench } from '../workbench/workbench.js';

const SAMPLES = { full: 300, quick: 20 };
/** Pause between two stages, until worker and broker are idle. */
const IDLE_MS = 50;

/** The time from the publishing of a stage message to its start on an idle worker. */
export async function latency(bench: Workbench): Promise<PartReport> {
  const apps = smallDocumentApps().slice(0, 1);
  const chowda = await startChowda(bench, { name: 'chowda', apps, concurrency: 1, worker: 'no-op' });
  const repeat = await finishedStage(bench, chowda);
  const samples = bench.quick ? SAMPLES.quick : SAMPLES.full;
  const stored: number[] = [];
  const begun: number[] = [];
  await bench.step('Publishing one stage at a time', async () => {
    for (let sample = 0; sample < samples; sample += 1) {
      const times = await repeat(sample + 2);
      stored.push(times.stored);
      begun.push(times.begun);
      await delay(IDLE_MS);
    }
  });
  const row = (what: string, values: readonly number[]) => [
    what,
    values.length,
    ...[50, 95, 99].map((percent) => percentile(values, percent)),
  ];
  return {
    tables: [
      {
        title: 'Milliseconds after a stage message was published, on an idle system',
        columns: ['until', 'samples', 'p50', 'p95', 'p99'],
        rows: [row('stored by the broker', stored), row('"started" event received by the publisher', begun)],
      },
    ],
    targets: [
      {
        what: 'latency: publish to idle worker, p50',
        figure: percentile(begun, 50),
        unit: 'ms',
        limit: 5,
        side: 'at most',
      },
    ],
    notes: [
      'The publisher measures with its own clock, so the figure includes the delivery of the "started" event.',
      'The worker is in its first minute, when it asks the broker twice before each stage.',
    ],
  };
}

/** Runs one stage; returns a function that publishes its message as a newer generation and measures the times. */
async function finishedStage(bench: Workbench, chowda: Chowda) {
  const { link } = chowda;
  const batch = await createBatch(chowda, 1);
  const finished = untilFinished(link, batch);
  await startBatch(chowda, batch);
  await bench.step('The first run', () => finished);
  const [run] = await chowda.api.list(`/api/batches/${batch.id}/runs`, runRowSchema);
  const address = { batch: batch.id, run: run!.id, index: 0 };
  const subject = stageSubject(chowda.slugs[0]!, address);
  const { body } = (await readLast(link.connection, STREAMS.stages.name, subject))!;
  const slip = slipSchema.parse(decodeBody(body).head);

  let onEvent: (subject: string) => void = () => undefined;
  link.connection.subscribe(`event.${batch.id}.>`, { callback: (_, message) => onEvent(message.subject) });
  await link.connection.flush();
  return async (generation: number) => {
    const times = { stored: 0, begun: 0 };
    const begin = performance.now();
    const settled = new Promise<void>((resolve) => {
      onEvent = (event) => {
        if (event === startedSubject(address)) times.begun = performance.now() - begin;
        if (event === settledSubject(address)) resolve();
      };
    });
    await link.publisher.publish(subject, body, { headers: stageHeaders(slip, newLineageHeader(generation)) });
    times.stored = performance.now() - begin;
    await settled;
    return times;
  };
}
