import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchView, CollectionView, ImportReport, MediaLink } from '#libs/contracts';
import {
  createTestDatabase,
  fuzz,
  isFullRun,
  type KnownThings,
  schemathesis,
  type ScriptedApp,
  startScriptedApp,
  testFolder,
} from '#libs/testing';
import { findLandmarks } from './exercised-archive.js';
import { fillLargeArchive } from './large-archive.js';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';

const DONE = { ok: true, dryRun: false, count: 1, sentence: 'Done.', items: ['cpb-1'] };
const WHY = { ok: true, state: 'waiting', reason: 'Text is paused.', nextAction: 'Resume it.' };
const MINUTE = 60_000;
/** Inputs of each kind for each operation, and the numbers of requests that they lead to at least. */
const EXTENT = isFullRun
  ? { examples: 25, requests: 2000, repetitions: 100 }
  : { examples: 8, requests: 700, repetitions: 80 };

let gateway: TestGateway;
let scripted: ScriptedApp;
let things: KnownThings;
beforeAll(async () => {
  const database = await createTestDatabase();
  await fillLargeArchive(database.url, { files: 600, batches: 6, filesPerBatch: 60, stages: 2 });
  gateway = await TestGateway.start({}, { ask: answering() }, database);
  scripted = await startScriptedApp({ name: 'shots' });
  await gateway.readyApp(scripted.url);
  things = await thingsOf(database.url);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

/** A scheduler that accepts every command and remembers command keys. */
function answering() {
  const keys = new Set<string>();
  return (verb: string, request: object) => {
    const { key } = request as { readonly key?: string };
    const replayed = key !== undefined && keys.has(key);
    if (key !== undefined) keys.add(key);
    return Promise.resolve((verb === 'explain' ? WHY : { ...DONE, ...(replayed ? { replayed } : {}) }) as never);
  };
}

/** Ids in the archive, including rows that only the REST interface can create. */
async function thingsOf(databaseUrl: string): Promise<KnownThings> {
  const { app, pipeline, collection, batch, done, failed, fingerprint, guid } = await findLandmarks(databaseUrl);
  const create = async <Body>(path: string, body?: unknown) => (await gateway.client.post(path, body)).body as Body;
  const draft = () => gateway.draft('Large', [guid]);
  const spare = [await draft(), await draft(), await draft()] satisfies BatchView[];
  const { import: imported } = await create<ImportReport>('/api/media-files/imports', { guids: [guid] });
  const collected = await create<CollectionView>('/api/collections', { name: 'Spare', files: [guid] });
  await gateway.mediaFiles(['cpb-playable']);
  const { url } = await create<MediaLink>('/api/media-files/cpb-playable/link');
  return {
    batch: [batch],
    'failed batch': [batch],
    'failed stage': [1],
    draft: [(await draft()).id, (await draft()).id],
    'spare batch': spare.map(({ id }) => id),
    run: [done, failed],
    import: [imported!],
    collection: [collection],
    'spare collection': [collected.id],
    pipeline: [pipeline],
    'pipeline name': ['Large'],
    guid: [guid, 'cpb-playable'],
    app: [app, 'shots_v1'],
    'app address': [scripted.url],
    fingerprint: [fingerprint],
    stage: [0, 1],
    version: [1],
    'media token': [url.split('/').at(-1)!],
    'docs file': ['show.js'],
    'problem name': ['unknown-batch'],
  };
}

describe('the REST interface under schemathesis', () => {
  it(
    'answers every generated request as the OpenAPI document describes',
    async () => {
      const environment = await schemathesis();
      if (!environment) return;
      const { isClean, tally, output } = await fuzz({
        python: environment.python,
        document: `${gateway.url}/api/openapi.json`,
        token: ACCESS_TOKEN,
        folder: await testFolder('fuzz'),
        examples: EXTENT.examples,
        seed: 1,
        phases: ['examples', 'fuzzing', 'stateful'],
        things,
      });
      expect(isClean ? '' : output).toBe('');
      expect(tally.requests).toBeGreaterThan(EXTENT.requests);
      expect(tally.repetitions).toBeGreaterThan(EXTENT.repetitions);
    },
    5 * MINUTE,
  );
});
