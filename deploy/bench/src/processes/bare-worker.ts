import { connect, type JsMsg } from 'nats';
import {
  appConsumer,
  appSlug,
  decodeBody,
  encodeBody,
  settledSubject,
  type Slip,
  stageSubject,
  startedSubject,
  STREAMS,
} from '#libs/contracts';
import { doneEvent, firstMessage, nextMessage, startedEvent } from '../baselines/bare-messages.js';
import { BarePublisher } from '../baselines/bare-publisher.js';
import type { BareChainQuestion } from '../baselines/bare-run.js';
import { type NoOpApp, viewOf, withView } from '../chowda/no-op-app.js';
import { answerParent } from '../workbench/answer-parent.js';

/** Runs in progress at once. */
const WINDOW = 500;
const WORKER = 'bare-worker-1';

const connection = await connect({ servers: process.env['NATS_URL']!, noAsyncTraces: true });
const publisher = new BarePublisher(connection);
const apps = JSON.parse(process.env['NO_OP_APPS']!) as NoOpApp[];
const slugs = apps.map(({ name }) => appSlug(name, 'v1'));
const views = apps.map((app) => ({ annotations: app.annotations, view: viewOf(app) }));

/** Sends the messages that Chowda's worker sends for one stage; true if it was the last stage of its run. */
async function sendSame(message: JsMsg): Promise<boolean> {
  const { head, rest } = decodeBody(message.data);
  const slip = head as Slip;
  const started = startedEvent(slip, WORKER);
  connection.publish(startedSubject(started), encodeBody(started));
  const { annotations, view } = views[slip.index]!;
  const output = withView(rest, view);
  const done = doneEvent(started, output, annotations);
  const next = nextMessage(slip, done, output);
  await Promise.all([
    publisher.publish(settledSubject(done), encodeBody(done, output)),
    next && publisher.publish(next.subject, next.body, next.headers),
  ]);
  message.ack();
  return next === null;
}

/** Forwards the message unchanged to the next stage; true if it was the last stage of its run. */
async function forward(message: JsMsg): Promise<boolean> {
  const [batch = 0, run = 0, index = 0] = message.subject.split('.').slice(2).map(Number);
  const next = slugs[index + 1];
  if (next !== undefined) await publisher.publish(stageSubject(next, { batch, run, index: index + 1 }), message.data);
  message.ack();
  return next === undefined;
}

let handle: (message: JsMsg) => void = () => undefined;

function takeThrough({ batch, runs, messages }: BareChainQuestion): Promise<void> {
  let admitted = 0;
  let left = runs.length;
  const admit = () => {
    const run = runs[admitted];
    if (!run) return;
    admitted += 1;
    const { subject, body, headers } = firstMessage(batch, run, slugs);
    void publisher.publish(subject, body, messages === 'same' ? headers : undefined);
  };
  const send = messages === 'same' ? sendSame : forward;
  return new Promise((resolve, reject) => {
    handle = (message) => {
      send(message).then((isLast) => {
        if (!isLast) return;
        admit();
        left -= 1;
        if (left === 0) resolve();
      }, reject);
    };
    for (let run = 0; run < WINDOW; run += 1) admit();
  });
}

for (const slug of slugs) {
  const consumer = await connection.jetstream().consumers.get(STREAMS.stages.name, appConsumer(slug));
  await consumer.consume({ max_messages: WINDOW, callback: (message) => handle(message) });
}
answerParent(takeThrough);
