import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect, headers, type NatsConnection } from 'nats';
import {
  appSchema,
  batchSchema,
  deadSubject,
  mediaFileSchema,
  pipelineSchema,
  runRowSchema,
  runSchema,
  stageSubject,
} from '#libs/contracts';
import { Control, sha256 } from '#libs/messaging';
import { type ScriptedApp, startScriptedApp, testFolder, waitFor } from '#libs/testing';
import { ApiClient } from '../local/src/api-client.js';
import { freePort } from '../local/src/free-port.js';
import { repositoryRoot } from '../local/src/repository.js';
import { type Stack, startStack } from '../local/src/stack.js';
import { natsCliFolder } from './nats-cli.fixture.js';

const MINUTE = 60_000;
const STAGE = 1;
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');
/** Large enough for the bucket of documents. */
const LARGE = 100_000;
const GUIDS = ['tape-good', 'tape-bad', 'tape-held'];
/** Sections whose commands run on an unfinished batch. */
const WHILE_RUNNING = ['Pause and resume', 'Cancel', 'Lag and stages in progress'];

/** Every fenced command of the page with its heading. */
const blocks = [...readFileSync('deploy/runbook/nats-cli.md', 'utf8').matchAll(/^## (.*)$|^```sh\n([\s\S]*?)^```$/gm)]
  .reduce<{ heading: string; commands: string }[]>((found, [, heading, commands]) => {
    const under = heading ?? found.at(-1)?.heading ?? 'Variables';
    return [...found, { heading: under, commands: commands ?? '' }];
  }, [])
  .filter(({ commands }) => commands !== '')
  .map((block, number) => ({ ...block, number }));

let stack: Stack;
let api: ApiClient;
let apps: ScriptedApp[];
let folder: string;
let connection: NatsConnection;
let variables: Record<string, string>;
let batch: number;
let good: number;
/** A batch of one file that an app holds. */
let held: number;
let release: () => void;

beforeAll(async () => {
  const cli = await natsCliFolder(join(repositoryRoot, '.chowda', 'programs'));
  folder = await testFolder('runbook');
  const path = `${dirname(process.env['NATS_SERVER']!)}:${process.env['PATH']}`;
  stack = await startStack({
    dataFolder: join(folder, 'data'),
    httpPort: await freePort(),
    environment: { PATH: path, LOG_LEVEL: 'warn' },
    onEvent: () => undefined,
  });
  api = new ApiClient(stack.webUrl, stack.accessToken);
  connection = await connect({ servers: stack.natsUrl });
  const until = new Promise<void>((resolve) => (release = resolve));
  apps = [
    await startScriptedApp({
      name: 'first',
      script: ({ guid }) => (guid === 'tape-held' ? { kind: 'held', until } : { kind: 'ok', padBytes: LARGE }),
    }),
    await startScriptedApp({
      name: 'second',
      script: ({ guid }) => ({ kind: guid === 'tape-bad' ? 'garbage' : 'ok' }),
    }),
  ];
  const app = await runBatches();
  const rows = await api.list(`/api/batches/${batch}/runs`, runRowSchema);
  good = rows[0]!.id;
  const sequence = await leaveDeadLetter(app, rows[1]!.id);
  variables = {
    PATH: `${cli}:${process.env['PATH']}`,
    HOME: folder,
    USER: 'kc',
    NATS_URL: stack.natsUrl,
    BATCH: String(batch),
    RUN: String(good),
    STAGE: String(STAGE),
    APP: app,
    SEQUENCE: String(sequence),
    WORKER: (await (await Control.open(connection)).heartbeats())[0]!.worker,
  };
}, 15 * MINUTE);

afterAll(async () => {
  release();
  await connection.close();
  await stack.stop();
  await Promise.all(apps.map((app) => app.close()));
}, MINUTE);

/**
 * Runs a batch of two files, one of which fails at its second stage, and starts a batch that does not finish; returns the
 * slug of the second stage's app.
 */
async function runBatches(): Promise<string> {
  for (const guid of GUIDS) {
    const path = join(folder, 'data', 'media', `${guid}.mp4`);
    await writeFile(path, MEDIA);
    await api.post('/api/media-files', { guid, path }, mediaFileSchema);
  }
  const slugs: string[] = [];
  for (const { url } of apps) slugs.push((await api.post('/api/apps', { url, concurrency: 2 }, appSchema)).slug);
  const areReady = async () => (await api.list('/api/apps', appSchema)).filter(({ ready }) => ready).length === 2;
  await waitFor(areReady, { within: MINUTE });
  await api.post('/api/pipelines', { name: 'Two', stages: slugs.map((app) => ({ app })) }, pipelineSchema);
  batch = await startBatch(GUIDS.slice(0, 2));
  held = await startBatch(GUIDS.slice(2));
  await waitFor(() => apps[0]!.callsFor('tape-held').length > 0, { within: MINUTE });
  await untilFinished();
  return slugs[STAGE]!;
}

async function startBatch(files: readonly string[]): Promise<number> {
  const { id } = await api.post('/api/batches', { name: 'Tapes', pipeline: 'Two', files }, batchSchema);
  await api.command(`/api/batches/${id}/start`);
  return id;
}

const untilFinished = () =>
  waitFor(async () => (await api.get(`/api/batches/${batch}`, batchSchema)).summary.state === 'finished', {
    within: MINUTE,
    what: 'The end of the batch',
  });

/** Dead-letters the message of a failed stage, as a worker does after four crashes; returns its sequence. */
async function leaveDeadLetter(app: string, run: number): Promise<number> {
  const address = { batch, run, index: STAGE };
  const manager = await connection.jetstreamManager();
  const { data, seq } = await manager.streams.getMessage('STAGES', { last_by_subj: stageSubject(app, address) });
  const why = headers();
  why.set('Chowda-Reason', 'crash-loop');
  why.set('Chowda-Error', 'The worker died 4 times.');
  why.set('Chowda-Orig-Seq', String(seq));
  return (await connection.jetstream().publish(deadSubject(app, address), data, { headers: why })).seq;
}

/** The output of a block; rejects if one of its commands fails. */
const shell = (commands: string, change: Record<string, string> = {}) =>
  new Promise<string>((resolve, reject) => {
    const script = `exec 2>&1\nset -euo pipefail\n${commands}`;
    const options = { cwd: folder, env: { ...variables, ...change }, timeout: MINUTE };
    const child = execFile('bash', ['-c', script], options, (error, stdout) => {
      if (error) reject(new Error(`${commands}\n${stdout}`, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.end();
  });

const callsOfStage = () => apps[STAGE]!.callsFor('tape-good').length;

describe('the page about the NATS CLI', () => {
  it('contains commands under every heading except the last', () => {
    const headings = new Set(blocks.map(({ heading }) => heading));
    expect(headings.size).toBeGreaterThan(8);
    expect(headings).not.toContain('Harmful commands');
  });

  it.each(blocks.slice(1))(
    'contains commands that work: $heading, block $number',
    async ({ heading, commands }) => {
      await untilFinished();
      const printed = await shell(commands, WHILE_RUNNING.includes(heading) ? { BATCH: String(held) } : {});
      expect(printed.trim()).not.toBe('');
      expect(printed).not.toMatch(/"ok": false/);
    },
    3 * MINUTE,
  );

  it('extracts the input document of the stage, byte for byte', async () => {
    await untilFinished();
    const { stages } = await api.get(`/api/runs/${good}`, runSchema);
    const document = await readFile(join(folder, 'document.mmif'));
    expect(document.length).toBeGreaterThan(LARGE);
    expect(sha256(document)).toBe(stages[0]!.document!.sha256);
  });

  it(
    'runs a stage again by its raw message and through the scheduler',
    async () => {
      for (const part of ['nats pub -J', 'chowda.replay']) {
        const { commands } = blocks.find((block) => block.commands.includes(part))!;
        await untilFinished();
        const before = callsOfStage();
        await shell(commands);
        await waitFor(() => callsOfStage() > before, { within: MINUTE });
      }
      await untilFinished();
      expect(await api.get(`/api/runs/${good}`, runSchema)).toMatchObject({ state: 'done' });
    },
    3 * MINUTE,
  );

  it(
    'leads to readable answers',
    async () => {
      await untilFinished();
      const answers = async (text: string) => shell(blocks.find(({ commands }) => commands.includes(text))!.commands);
      expect(await answers('seventeen')).toMatch(/^Correct "run": .*A valid request is \{"run":17\}/);
      expect(await answers('chowda.explain "{\\"run')).toContain('Every stage is done');
      expect(await answers('chowda.audit')).toMatch(/"disagreements": \[\]/);
      expect(await answers('nats micro info')).toContain('chowda.replay');
      expect(await answers('worker.*')).toMatch(/"holds":\[\{"run":\d+,"index":0,"since":"20/);
    },
    MINUTE,
  );

  it(
    'cancels a batch whose file an app holds',
    async () => {
      await shell(`nats req chowda.cancel '{"batch":${held}}' --raw --no-templates`);
      const { summary } = await waitFor(
        async () => {
          const view = await api.get(`/api/batches/${held}`, batchSchema);
          return view.summary.state === 'finished' && view;
        },
        { within: MINUTE },
      );
      expect(summary.runs).toMatchObject({ cancelled: 1 });
    },
    2 * MINUTE,
  );
});
