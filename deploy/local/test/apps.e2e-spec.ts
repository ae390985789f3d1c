import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { type NewPipeline, RETRY_RULES, type RunView } from '#libs/contracts';
import { sha256 } from '#libs/messaging';
import {
  type AppProcess,
  type AppProcessOptions,
  clamsSdk,
  createTestDatabase,
  type Reaction,
  startAppProcess,
  startPythonApp,
  startScriptedApp,
  startTestNats,
  testFolder,
  waitFor,
} from '#libs/testing';
import { ApiClient } from '../src/api-client.js';
import { freePort } from '../src/free-port.js';
import { sampleMediaFolder } from '../src/repository.js';
import { type Stack, startStack } from '../src/stack.js';
import { Archive } from './archive.js';
import { CellHistory } from './cell-history.js';
import { startRecordingProxy } from './recording-proxy.js';

const MINUTE = 60_000;
jest.setTimeout(2 * MINUTE);
const SAMPLE = 'cpb-aacip-512-sample0002';
/** Larger documents are stored beside the stage message. */
const INLINE = 64 * 1024;

let stack: Stack;
let archive: Archive;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const [nats, database] = await Promise.all([startTestNats(), createTestDatabase()]);
  closing.push(nats.stop, database.drop);
  const dataFolder = await testFolder('apps');
  stack = await startStack({
    dataFolder,
    httpPort: await freePort(),
    natsUrl: nats.url,
    databaseUrl: database.url,
    environment: { PATH: process.env['PATH'], LOG_LEVEL: 'warn' },
    onEvent: () => undefined,
  });
  archive = new Archive(new ApiClient(stack.webUrl, stack.accessToken), join(dataFolder, 'media'));
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all(closing.map((close) => close()));
});

const sdk = await clamsSdk('1.8.0');

/** Serves an app on the CLAMS SDK, with one worker, in its own process. */
const startSampler = (version: string, options: Pick<AppProcessOptions, 'port' | 'args'> = {}): Promise<AppProcess> =>
  startPythonApp({
    environment: sdk!,
    script: join(import.meta.dirname, 'sampler.py'),
    variables: { CLAMS_APP_VERSION: version, CLAMS_GUNICORN_WORKERS: '1' },
    ...options,
  });

/** Serves an app on the TypeScript kit in its own process. */
const startKitApp = (options: Pick<AppProcessOptions, 'port' | 'args'>): Promise<AppProcess> =>
  startAppProcess({ command: [process.execPath, join(import.meta.dirname, 'kit-app.mjs')], ...options });

if (sdk) {
  describe(`demo apps before and after an app on clams-python ${sdk.versions['clams-python']}`, () => {
    it('finish, and every document is stored and forwarded byte for byte as its app returned it', async () => {
      const [shots, text] = stack.demoApps;
      const sampler = await startSampler('v1');
      const proxies = await Promise.all([shots!, sampler.url, text!].map(startRecordingProxy));
      closing.push(sampler.stop, ...proxies.map(({ close }) => close));
      const [first, second, third] = await archive.readyApps(proxies.map(({ url }) => url));
      await archive.addFile(SAMPLE, join(sampleMediaFolder, `${SAMPLE}.mp4`));
      const stages = [{ app: first! }, { app: second!, parameters: { interval: 40 } }, { app: third! }];
      const batch = await archive.draft({ name: 'Shots, samples, text', stages }, [SAMPLE]);
      await archive.start(batch);
      await archive.untilFinished(batch);

      const [run] = (await archive.runs(batch)) as [RunView];
      expect(run).toMatchObject({
        state: 'done',
        stages: [
          { outcome: 'ok', annotations: { TimeFrame: expect.any(Number) } },
          { outcome: 'ok', annotations: { TimePoint: expect.any(Number) } },
          { outcome: 'ok', annotations: { TextDocument: expect.any(Number) } },
        ],
      });
      const calls = proxies.map((proxy) => proxy.calls);
      expect(calls.map(({ length }) => length)).toEqual([1, 1, 1]);
      const answered = calls.map(([call]) => call!.answered);
      expect(calls.map(([call]) => call!.received).slice(1)).toEqual(answered.slice(0, -1));
      const stored = await Promise.all(
        run.stages.map(({ index }) => archive.api.bytes(`/api/runs/${run.id}/stages/${index}/document`)),
      );
      expect(stored.map(sha256)).toEqual(answered);
      expect(run.stages.map(({ document }) => document!.sha256)).toEqual(answered);
      // The first document is inside the stage message, the second beside it.
      expect(stored[0]!.byteLength).toBeLessThan(INLINE);
      expect(stored[1]!.byteLength).toBeGreaterThan(INLINE);
    });
  });
}

const kits = [
  { kit: 'the TypeScript kit', start: startKitApp },
  ...(sdk ? [{ kit: 'the CLAMS SDK', start: startSampler.bind(null, 'v2') }] : []),
];

describe('an app that is killed during a call', () => {
  // At the same time: most of the time is the wait for the retry.
  it.concurrent.each(kits)(
    'counts as unreachable, not failed, and its batch finishes after its restart: on $kit',
    async ({ start }) => {
      const port = await freePort();
      const killedApp = await start({ port, args: ['--hold'] });
      const before = await startScriptedApp({ name: `before-${port}` });
      closing.push(killedApp.stop, before.close);
      const [first, second] = await archive.readyApps([before.url, killedApp.url]);
      const files = [`${second}-0`, `${second}-1`];
      await archive.addStubs(files);
      const batch = await archive.draft({ name: `With ${second}`, stages: [{ app: first! }, { app: second! }] }, files);
      const cells = await CellHistory.of(stack.webUrl, stack.accessToken, batch, 2);
      closing.push(cells.close);
      await archive.start(batch);
      await waitFor(async () => (await killedApp.log()).includes('holding'), { what: 'A call', within: MINUTE });
      const running = () => [...files.keys()].find((row) => cells.of(row, 1).includes('running'));
      const row = await waitFor(running, { what: 'A running cell', within: MINUTE });
      await killedApp.stop();

      const stageOfRow = async () => (await archive.stages(batch, 1))[row]!;
      const isWaiting = async () => (await stageOfRow()).retryAt !== null;
      await waitFor(isWaiting, { what: 'A stage with a scheduled retry', within: MINUTE });
      const waiting = await stageOfRow();
      expect(waiting).toMatchObject({
        state: 'retrying',
        outcome: 'unreachable',
        sentence: expect.stringMatching(`^${second} closed the connection before it answered .*; it may have crashed`),
      });
      const { delay } = RETRY_RULES.unreachable!;
      expect(Date.parse(waiting.retryAt!)).toBeGreaterThanOrEqual(Date.parse(waiting.settledAt!) + delay);
      expect(await archive.summary(batch)).toMatchObject({ state: 'running', runs: { failed: 0 } });

      closing.push((await start({ port })).stop);
      await archive.untilFinished(batch);
      expect(await archive.summary(batch)).toMatchObject({ runs: { done: files.length }, errors: [] });
      const again = await stageOfRow();
      expect(again).toMatchObject({ outcome: 'ok', retryAt: null });
      expect(again.generation).toBeGreaterThan(waiting.generation);
      await waitFor(() => cells.of(row, 1).at(-1) === 'done', { what: 'A cell that is done' });
      expect(cells.of(row, 1).join()).toMatch(
        /^(waiting,|queued,)*running,retrying,((queued|running|retrying),)*done$/,
      );
      expect(files.flatMap((_, other) => cells.of(other, 1))).not.toContain('failed');
      // The first stage, which was done, does not run again.
      expect(files.map((guid) => before.callsFor(guid).length)).toEqual([1, 1]);
    },
  );
});

describe('an app that is registered again with other metadata while a batch runs', () => {
  it('is called according to its metadata at the save of the pipeline; the next version uses the new metadata', async () => {
    const flag = (type: string) => ({ name: 'flag', description: 'A truth value.', type, multivalued: false });
    const threshold = { name: 'threshold', description: 'A number.', type: 'number', default: 0.5, multivalued: false };
    let parameters: object[] = [threshold, flag('boolean')];
    const gate = new EventEmitter();
    const opened = once(gate, 'open');
    const script = (): Reaction => ({ kind: 'held', until: opened });
    const app = await startScriptedApp({ name: 'changing', metadata: () => ({ parameters }), script });
    closing.push(app.close);
    const [slug] = await archive.readyApps([app.url]);
    const files = ['changing-0', 'changing-1', 'changing-2'];
    await archive.addStubs(files);
    const pipeline = (set: Record<string, string | number>): NewPipeline => ({
      name: 'Changing',
      stages: [{ app: slug!, parameters: set }],
    });
    const batch = await archive.draft(pipeline({ threshold: 0.7, flag: 'true' }), files);
    await archive.start(batch);
    await waitFor(() => app.calls.length === 1, { what: 'The first call' });

    parameters = [flag('string')];
    expect((await archive.register(app.url)).changes).toEqual([
      'The parameter "threshold" was removed.',
      'The parameter "flag" has changed: type is "string" (was "boolean").',
    ]);
    await archive.readyApps([app.url]);
    const later = await archive.draft(pipeline({ flag: 'true' }), files.slice(0, 1));
    gate.emit('open');
    await archive.untilFinished(batch);
    expect(await archive.summary(batch)).toMatchObject({ runs: { done: files.length } });
    const given = app.calls.map((call) => Object.fromEntries(call.parameters));
    expect(given).toEqual(files.map(() => ({ threshold: '0.7', flag: 'True' })));

    await archive.start(later);
    await archive.untilFinished(later);
    expect(Object.fromEntries(app.calls[files.length]!.parameters)).toEqual({ flag: 'true' });
  });
});
