import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from './api-client.js';
import { type FakeGateway, startFakeGateway } from './fake-gateway.fixture.js';
import { sampleMediaFolder } from './repository.js';
import { loadSamples, repeatBatch, SAMPLE_BATCH, SAMPLE_PIPELINE } from './samples.js';

const APP_URLS = ['http://127.0.0.1:8091', 'http://127.0.0.1:8092', 'http://127.0.0.1:8093'];
/** Three files, three apps, the pipeline, the batch and its start. */
const COMMANDS = 9;

describe(loadSamples, () => {
  let gateway: FakeGateway;
  let api: ApiClient;
  beforeEach(async () => {
    gateway = await startFakeGateway();
    api = new ApiClient(gateway.url, 'token');
  });
  afterEach(() => gateway.close());

  const load = () => loadSamples(api, { mediaFolder: sampleMediaFolder, appUrls: APP_URLS });
  const counts = () => Object.values(gateway.stored).map((items) => items.length);

  it('loads media, apps and a pipeline in the order of the apps, then starts the batch', async () => {
    const batch = await load();
    expect(counts()).toEqual([3, 3, 1, 1]);
    expect(gateway.stored['/api/pipelines']).toMatchObject([
      { name: SAMPLE_PIPELINE, stages: [{ app: 'app-1_v1' }, { app: 'app-2_v1' }, { app: 'app-3_v1' }] },
    ]);
    expect(gateway.stored['/api/batches']).toMatchObject([{ name: SAMPLE_BATCH, files: 3 }]);
    expect(gateway.starts).toEqual([batch.id]);
  });

  it('does nothing the second time', async () => {
    await load();
    gateway.commandsLeft = 0;
    await load();
    expect(counts()).toEqual([3, 3, 1, 1]);
    expect(gateway.starts).toHaveLength(1);
  });

  it.each(Array.from({ length: COMMANDS }, (_, done) => [done]))(
    'loads everything once after an interruption behind command %i',
    async (done) => {
      gateway.commandsLeft = done;
      await expect(load()).rejects.toThrow('fetch failed');
      gateway.commandsLeft = Infinity;
      await load();
      expect(counts()).toEqual([3, 3, 1, 1]);
      expect(gateway.starts).toHaveLength(1);
    },
  );

  it('registers an app again after it moved to another port', async () => {
    await load();
    await loadSamples(api, {
      mediaFolder: sampleMediaFolder,
      appUrls: [...APP_URLS.slice(0, 2), 'http://127.0.0.1:9999'],
    });
    expect(counts()).toEqual([3, 4, 1, 1]);
  });

  it('repeats a batch under a numbered name', async () => {
    const batch = await load();
    const repeated = await repeatBatch(api, batch, ['guid-1']);
    expect(repeated).toMatchObject({ name: `${SAMPLE_BATCH} 2`, files: 1 });
    expect((await repeatBatch(api, batch, ['guid-1'])).name).toBe(`${SAMPLE_BATCH} 3`);
    expect(gateway.starts).toEqual([batch.id, 2, 3]);
  });
});
