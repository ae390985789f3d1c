import { connect, type JsMsg } from 'nats';
import pg from 'pg';
import { decodeBody, type StageEvent, RECORDER_CONSUMER, STREAMS } from '#libs/contracts';
import type { BareRecordQuestion } from '../baselines/bare-run.js';
import { archiveDocuments } from '../baselines/document-rows.js';
import { latestOf, writeStatus } from '../baselines/status-rows.js';
import { answerParent } from '../workbench/answer-parent.js';

const BATCH_SIZE = 500;
const GATHER_MS = 15;

interface Event {
  readonly event: StageEvent;
  readonly document: Uint8Array;
  readonly message: JsMsg;
}

const connection = await connect({ servers: process.env['NATS_URL']!, noAsyncTraces: true });
const client = new pg.Client({ connectionString: process.env['DATABASE_URL']! });
await client.connect();

const arrived: Event[] = [];
let isWorking = false;
let wanted = Number.POSITIVE_INFINITY;
let onDone: () => void = () => undefined;
let onError: (error: unknown) => void = () => undefined;

const nextIndex = ({ kind, index }: StageEvent) => (kind === 'done' ? index + 1 : index);

/** Writes the progress of each run. */
async function moveRuns(events: readonly StageEvent[]): Promise<void> {
  const furthest = new Map<number, StageEvent>();
  for (const event of events) {
    const known = furthest.get(event.run);
    if (!known || nextIndex(event) > nextIndex(known)) furthest.set(event.run, event);
  }
  const runs = [...furthest.values()];
  await client.query(
    `update runs r set state = u.state, generation = 1, root = u.root, next_index = u.next_index
     from unnest($1::bigint[], $2::text[], $3::bigint[], $4::int[]) as u(id, state, root, next_index)
     where r.id = u.id and u.next_index >= r.next_index`,
    [
      runs.map(({ run }) => run),
      runs.map((event) => (nextIndex(event) === event.stages ? 'done' : 'running')),
      runs.map(({ root }) => root),
      runs.map(nextIndex),
    ],
  );
}

async function write(arrivals: readonly Event[]): Promise<void> {
  const latest = latestOf(arrivals);
  const done = latest.filter(({ event }) => event.kind === 'done');
  await client.query('begin');
  await archiveDocuments(client, done);
  const events = latest.map(({ event }) => event);
  await writeStatus(client, events);
  await moveRuns(events);
  await client.query('commit');
  arrivals.at(-1)!.message.ack();
  wanted -= done.length;
  if (wanted <= 0) onDone();
}

async function work(): Promise<void> {
  isWorking = true;
  while (arrived.length > 0) {
    if (arrived.length < BATCH_SIZE) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    await write(arrived.splice(0, BATCH_SIZE));
  }
  isWorking = false;
}

const consumer = await connection.jetstream().consumers.get(STREAMS.events.name, RECORDER_CONSUMER);
await consumer.consume({
  max_messages: 2 * BATCH_SIZE,
  callback: (message) => {
    const { head, rest } = decodeBody(message.data);
    arrived.push({ event: head as StageEvent, document: rest, message });
    if (!isWorking) work().catch((error: unknown) => onError(error));
  },
});

answerParent(
  ({ stages }: BareRecordQuestion) =>
    new Promise<void>((resolve, reject) => {
      wanted = stages;
      onDone = resolve;
      onError = reject;
    }),
);
