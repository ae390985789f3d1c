import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect } from 'nats';
import {
  appSchema,
  batchSchema,
  decodeBody,
  stageEventSchema,
  mediaFileSchema,
  pipelineSchema,
  runSchema,
  runRowSchema,
} from '#libs/contracts';
import { sha256 } from '#libs/messaging';
import { type AppCall, type Reaction, type ScriptedApp, startScriptedApp, testFolder, waitFor } from '#libs/testing';
import { ApiClient } from '../src/api-client.js';
import { freePort } from '../src/free-port.js';
import { type Stack, startStack } from '../src/stack.js';

const MINUTE = 60_000;
const RUNS = 12;
const APPS = ['first', 'second', 'third'];
const KILLED = ['worker', 'scheduler', 'notifier', 'gateway', 'nats-server'];
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');

let stack: Stack;
let api: ApiClient;
let apps: ScriptedApp[];
let events: string[];
/** Processing time of an app for one file. */
const SLOW_MS = 300;
/** Releases the answers for the last file, which are held until everything was killed, so that the batch still runs then. */
let release: () => void;
const allKilled = new Promise<void>((resolve) => (release = resolve));

beforeAll(async () => {
  events = [];
  const dataFolder = await testFolder('kill');
  const path = `${dirname(process.env['NATS_SERVER']!)}:${process.env['PATH']}`;
  stack = await startStack({
    dataFolder,
    httpPort: await freePort(),
    environment: { PATH: path, ACK_WAIT: '5', LOG_LEVEL: 'warn' },
    onEvent: (sentence) => events.push(sentence),
  });
  api = new ApiClient(stack.webUrl, stack.accessToken);
  const script = ({ guid }: AppCall): Reaction =>
    guid === guids.at(-1) ? { kind: 'held', until: allKilled } : { kind: 'ok', slowMs: SLOW_MS };
  apps = await Promise.all(APPS.map((name) => startScriptedApp({ name, script })));
  await loadDefinitions(join(dataFolder, 'media'));
}, 2 * MINUTE);

afterAll(async () => {
  await stack.stop();
  await Promise.all(apps.map((app) => app.close()));
}, MINUTE);

const guids = Array.from({ length: RUNS }, (_, row) => `tape-${row}`);

/** Registers media files, apps and a pipeline over REST. */
async function loadDefinitions(folder: string): Promise<void> {
  for (const guid of guids) {
    await writeFile(join(folder, `${guid}.mp4`), MEDIA);
    await api.post('/api/media-files', { guid, path: join(folder, `${guid}.mp4`) }, mediaFileSchema);
  }
  const slugs: string[] = [];
  for (const { url } of apps) slugs.push((await api.post('/api/apps', { url, concurrency: 1 }, appSchema)).slug);
  await waitFor(
    async () => (await api.list('/api/apps', appSchema)).filter(({ ready }) => ready).length === APPS.length,
  );
  await api.post('/api/pipelines', { name: 'Three', stages: slugs.map((app) => ({ app })) }, pipelineSchema);
}

async function startBatch(): Promise<number> {
  const { id } = await api.post('/api/batches', { name: 'Tapes', pipeline: 'Three', files: guids }, batchSchema);
  await api.command(`/api/batches/${id}/start`);
  return id;
}

const stateOf = async (batch: number) => (await api.get(`/api/batches/${batch}`, batchSchema)).summary;

async function killAndAwait(name: string): Promise<void> {
  const pid = stack.pids()[name]!;
  process.kill(pid, 'SIGKILL');
  const isRestarted = () => (stack.pids()[name] ?? pid) !== pid;
  await waitFor(isRestarted, { within: MINUTE, what: `The return of ${name}` });
}

/** Settlement time of each stage (Unix time in ms) by `<row>/<index>`, and the number of settlements. */
async function settlements(batch: number): Promise<{ count: number; at: Map<string, number> }> {
  const connection = await connect({ servers: stack.natsUrl });
  const { streams } = await connection.jetstreamManager();
  const { state } = await streams.info('EVENTS', { subjects_filter: `event.${batch}.*.*.settled` });
  const counts = Object.entries(state.subjects ?? {});
  const at = new Map<string, number>();
  for (const [subject] of counts) {
    const message = await streams.getMessage('EVENTS', { last_by_subj: subject });
    const { row, index } = stageEventSchema.parse(decodeBody(message.data).head);
    at.set(`${row}/${index}`, message.time.getTime());
  }
  await connection.close();
  return { count: counts.reduce((sum, [, count]) => sum + count, 0), at };
}

describe('a batch during which every process is killed', () => {
  it(
    'finishes with every run done, each stage settled once, and no app called after its stage was settled',
    async () => {
      const batch = await startBatch();
      await waitFor(() => apps[1]!.calls.length > 0, { within: MINUTE });
      for (const name of KILLED) {
        expect((await stateOf(batch)).state).toBe('running');
        await killAndAwait(name);
      }
      release();
      const isFinished = async () => (await stateOf(batch)).state === 'finished';
      await waitFor(isFinished, { within: MINUTE, what: `The end of the batch (${events.join(' ')})` });

      const rows = await api.list(`/api/batches/${batch}/runs`, runRowSchema);
      expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'done'));
      for (const name of KILLED) expect(events).toContain(`${name} is running again.`);
      const { count, at } = await settlements(batch);
      expect(at.size).toBe(RUNS * APPS.length);
      expect(count).toBe(RUNS * APPS.length);
      const late = apps.flatMap((app, index) =>
        app.calls.filter((call) => call.at > at.get(`${guids.indexOf(call.guid)}/${index}`)!),
      );
      expect(late).toEqual([]);

      for (const { id, row } of rows) {
        const { stages } = await api.get(`/api/runs/${id}`, runSchema);
        const documents = await Promise.all(stages.map(({ document }) => api.bytes(document!.url)));
        expect(documents.map(sha256)).toEqual(stages.map(({ document }) => document!.sha256));
        // The last input of an app is the document that the stage before it settled.
        expect(sha256(apps[1]!.callsFor(guids[row]!).at(-1)!.document)).toBe(stages[0]!.document!.sha256);
        expect(sha256(apps[2]!.callsFor(guids[row]!).at(-1)!.document)).toBe(stages[1]!.document!.sha256);
      }
    },
    2 * MINUTE,
  );
});
