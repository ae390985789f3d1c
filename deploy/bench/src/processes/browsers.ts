import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import {
  BATCHES_TOPIC,
  batchTopic,
  type ClientToServerEvents,
  parseBatchTopic,
  type ServerToClientEvents,
} from '#libs/contracts';
import type { SeenFrame, WatchersQuestion } from '../chowda/watchers.js';
import { answerParent } from '../workbench/answer-parent.js';

type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Clients that connect at a time. */
const AT_ONCE = 50;
/** One client in this many watches the list of batches. */
const CLIENTS_PER_LIST = 10;

const clients: Client[] = [];
let seen = new Map<string, { batch: number; to: number; cells: string; arrivals: number[] }>();
let watched: readonly number[] = [];

const onCells: ServerToClientEvents['cells'] = ({ topic, to, buf }) => {
  const now = Date.now();
  const key = `${topic} ${to}`;
  const frame = seen.get(key);
  if (frame) frame.arrivals.push(now);
  else seen.set(key, { batch: parseBatchTopic(topic)!, to, cells: toBase64(buf), arrivals: [now] });
};

const toBase64 = (bytes: Uint8Array | ArrayBuffer): string => Buffer.from(new Uint8Array(bytes)).toString('base64');

async function connect(webUrl: string, accessToken: string): Promise<void> {
  const client: Client = io(webUrl, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { authorization: `Bearer ${accessToken}` },
  });
  await Promise.race([
    once(client as never, 'connect'),
    once(client as never, 'connect_error').then(([error]) => Promise.reject(error as Error)),
  ]);
  client.on('cells', onCells);
  clients.push(client);
}

function topicOf(client: number, batches: readonly number[]): string {
  if (client % CLIENTS_PER_LIST === 0) return BATCHES_TOPIC;
  const viewer = client - 1 - Math.floor(client / CLIENTS_PER_LIST);
  return batchTopic(batches[viewer % batches.length]!);
}

async function watch(batches: readonly number[]): Promise<void> {
  const before = watched;
  watched = batches;
  await Promise.all(
    clients.map(async (client, index) => {
      if (before.length > 0) client.emit('unsubscribe', { topic: topicOf(index, before) });
      await client.emitWithAck('subscribe', { topic: topicOf(index, batches) });
    }),
  );
}

function takeFrames(): SeenFrame[] {
  const frames = [...seen.values()];
  seen = new Map();
  return frames;
}

answerParent(async (question: WatchersQuestion) => {
  switch (question.ask) {
    case 'connect':
      for (let left = question.clients; left > 0; left -= AT_ONCE) {
        const wave = Array.from({ length: Math.min(AT_ONCE, left) }, () =>
          connect(question.webUrl, question.accessToken),
        );
        await Promise.all(wave);
      }
      return null;
    case 'watch':
      return watch(question.batches);
    case 'frames':
      return takeFrames();
  }
});
