import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchView } from '#libs/contracts';
import { fuzz, schemathesis, type ScriptedApp, startScriptedApp, testFolder } from '#libs/testing';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';

const DONE = { ok: true, dryRun: false, count: 1, sentence: 'Done.', items: ['cpb-1'] };
const WHY = { ok: true, state: 'waiting', reason: 'Text is paused.', nextAction: 'Resume it.' };
const MINUTE = 60_000;

let gateway: TestGateway;
let scripted: ScriptedApp;
beforeAll(async () => {
  gateway = await TestGateway.start({}, { ask: (verb) => Promise.resolve((verb === 'explain' ? WHY : DONE) as never) });
  scripted = await startScriptedApp({ name: 'shots' });
  const app = await gateway.readyApp(scripted.url);
  await gateway.client.post('/api/pipelines', { name: 'shots', stages: [{ app }] });
  await gateway.mediaFiles(['cpb-a', 'cpb-b', 'cpb-c']);
  const { id } = (await gateway.draft('shots', ['cpb-a', 'cpb-b'])) as BatchView;
  await gateway.client.post(`/api/batches/${id}/start`);
  await gateway.draft('shots', ['cpb-c']);
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

describe('requests that schemathesis makes up', () => {
  it(
    'are all answered as the OpenAPI document says, whatever they ask for',
    async () => {
      const environment = await schemathesis();
      if (!environment) return;
      const { isClean, requests, output } = await fuzz({
        python: environment.python,
        document: `${gateway.url}/api/openapi.json`,
        token: ACCESS_TOKEN,
        folder: await testFolder('fuzz'),
        examples: 2,
        seed: 1,
        phases: ['fuzzing'],
      });
      expect(isClean ? '' : output).toBe('');
      expect(requests).toBeGreaterThan(100);
    },
    5 * MINUTE,
  );
});
