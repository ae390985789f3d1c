import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect } from 'nats';
import { appSchema, batchSchema, explanationSchema, mediaFileSchema, pipelineSchema } from '#libs/contracts';
import { type ScriptedApp, startScriptedApp, testFolder, waitFor } from '#libs/testing';
import { ApiClient } from '../src/api-client.js';
import { freePort } from '../src/free-port.js';
import { type Stack, startStack } from '../src/stack.js';

const MINUTE = 60_000;
const MIB = 1024 ** 2;
const DISK_MIB = 900;
const FILES = 60;
/** Longer than every server that continues by itself takes after there is space. */
const RECOVERS_WITHIN = MINUTE;
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');
/** What a user is shown while the disk is full, whichever server notices it first. */
const CAUSE = /refused publications|no space|not responding|does not answer|Nothing has been published|not recorded/i;

const disk = await testFolder('disk');
/** Only root may mount a small file system. */
const isMounted = mount();
if (!isMounted) process.stdout.write('Skipped the tests of a full disk: this process may not mount a file system.\n');

let stack: Stack;
let api: ApiClient;
let app: ScriptedApp;
const guids = Array.from({ length: FILES }, (_, row) => `tape-${row}`);

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const filler = join(disk, 'filler');

/** Writes until the disk is full. */
async function fill(): Promise<void> {
  const file = await open(filler, 'w');
  try {
    for (const block = Buffer.alloc(MIB, 1); ;) await file.write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}

const summaryOf = async (batch: number) => (await api.get(`/api/batches/${batch}`, batchSchema)).summary;

/** What explain says about the batch, or the error of the gateway. */
const explained = async (batch: number): Promise<string> => {
  try {
    const { reason, nextAction } = await api.get(`/api/batches/${batch}/explain`, explanationSchema);
    return `${reason} ${nextAction}`;
  } catch (error) {
    return String(error);
  }
};

/** The number of settlements of each stage. */
async function settlements(batch: number): Promise<number[]> {
  const connection = await connect({ servers: stack.natsUrl });
  try {
    const { streams } = await connection.jetstreamManager();
    const { state } = await streams.info('EVENTS', { subjects_filter: `event.${batch}.*.*.settled` });
    return Object.values(state.subjects ?? {});
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  if (!isMounted) return;
  const path = `${dirname(process.env['NATS_SERVER']!)}:${process.env['PATH']}`;
  stack = await startStack({
    dataFolder: disk,
    httpPort: await freePort(),
    environment: { PATH: path, ACK_WAIT: '5', LOG_LEVEL: 'warn' },
    onEvent: () => undefined,
  });
  api = new ApiClient(stack.webUrl, stack.accessToken);
  app = await startScriptedApp({ name: 'shots', script: () => ({ kind: 'ok', slowMs: 200, noiseBytes: MIB / 2 }) });
  for (const guid of guids) {
    const file = join(disk, 'media', `${guid}.mp4`);
    await writeFile(file, MEDIA);
    await api.post('/api/media-files', { guid, path: file }, mediaFileSchema);
  }
  const { slug } = await api.post('/api/apps', { url: app.url, concurrency: 2 }, appSchema);
  await waitFor(async () => (await api.list('/api/apps', appSchema)).every(({ ready }) => ready), { within: MINUTE });
  await api.post('/api/pipelines', { name: 'Shots', stages: [{ app: slug }] }, pipelineSchema);
}, 3 * MINUTE);

afterAll(async () => {
  if (!isMounted) return;
  await rm(filler, { force: true });
  await stack?.stop();
  await app?.close();
  execFileSync('umount', ['--lazy', disk]);
}, 2 * MINUTE);

(isMounted ? describe : describe.skip)('a disk that is full in the middle of a batch', () => {
  it(
    'stops the batch with a cause that users see, and the batch finishes once there is space',
    async () => {
      const { id } = await api.post('/api/batches', { name: 'Tapes', pipeline: 'Shots', files: guids }, batchSchema);
      await api.command(`/api/batches/${id}/start`);
      await waitFor(async () => (await summaryOf(id)).runs.done >= 5, { within: MINUTE, what: 'The first results' });
      await fill();
      const causes: string[] = [];
      const isExplained = async () => CAUSE.test(causes[causes.push(await explained(id)) - 1]!);
      await waitFor(isExplained, { within: 2 * MINUTE }).catch(() => undefined);
      expect(causes.at(-1)).toMatch(CAUSE);

      await rm(filler);
      const isFinished = async () => (await summaryOf(id).catch(() => null))?.state === 'finished';
      // Some versions of nats-server refuse publications until they are restarted, and explain says so.
      const isToRestart = async () => (await explained(id)).includes('restart nats-server');
      await waitFor(isFinished, { within: RECOVERS_WITHIN }).catch(async () => {
        await waitFor(isToRestart, { within: MINUTE, what: 'The advice to restart nats-server' });
        process.kill(stack.pids()['nats-server']!, 'SIGKILL');
      });
      await waitFor(isFinished, { within: 3 * MINUTE, what: 'The end of the batch' });
      expect((await summaryOf(id)).runs).toMatchObject({ done: FILES, failed: 0 });
      expect(await settlements(id)).toEqual(guids.map(() => 1));
    },
    10 * MINUTE,
  );
});
