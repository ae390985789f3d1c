import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Reaction, type ScriptedApp, startScriptedApp } from './scripted-app.js';

const source = (guid: string) =>
  JSON.stringify({
    metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
    documents: [
      {
        '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1',
        properties: { id: 'd1', mime: 'video', location: `file:///media/${guid}.mp4` },
      },
    ],
    views: [],
  });

describe(startScriptedApp, () => {
  let app: ScriptedApp;
  let reactions: Reaction[];
  beforeEach(async () => {
    reactions = [];
    app = await startScriptedApp({ name: 'echo', script: () => reactions.shift() ?? { kind: 'ok' } });
  });
  afterEach(() => app.close());
  const post = (guid: string) => fetch(`${app.url}/?threshold=1`, { method: 'POST', body: source(guid) });

  it('returns its metadata', async () => {
    const metadata: unknown = await (await fetch(app.url)).json();
    expect(metadata).toMatchObject({ identifier: 'http://apps.clams.ai/echo/v1' });
    expect(app.calls).toEqual([]);
  });

  it('returns the document with a new view and records the call', async () => {
    const answer = (await (await post('file-1')).json()) as { views: { metadata: { app: string } }[] };
    expect(answer.views.map((view) => view.metadata.app)).toEqual([app.identifier]);
    expect(app.callsFor('file-1')).toMatchObject([{ attempt: 1, document: Buffer.from(source('file-1')) }]);
    expect(app.callsFor('file-2')).toEqual([]);
  });

  it('returns warnings and the duration of the media only if scripted', async () => {
    reactions = [{ kind: 'ok', annotations: 0, warnings: ['no sound'], duration: 60_000 }];
    const [withBoth, without] = [await post('file-1'), await post('file-1')];
    expect(await withBoth.json()).toMatchObject({
      views: [
        { annotations: [{ properties: { duration: 60_000, durationTimeUnit: 'milliseconds' } }] },
        { metadata: { app: app.identifier, warnings: ['no sound'] }, annotations: [] },
      ],
    });
    expect(await without.text()).not.toMatch(/warnings|duration/);
  });

  it.each([
    [{ kind: 'error-view' }, 500, 'application/json'],
    [{ kind: 'text' }, 500, 'text/plain'],
    [{ kind: 'garbage' }, 200, 'application/json'],
    [{ kind: 'html' }, 502, 'text/html'],
  ] satisfies [Reaction, number, string][])('answers %j with status %i and type %s', async (reaction, status, type) => {
    reactions = [reaction];
    const answer = await post('file-1');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
  });

  it('closes the connection if scripted, and answers the next call', async () => {
    reactions = [{ kind: 'close' }];
    await expect(post('file-1')).rejects.toThrow('fetch failed');
    expect((await post('file-1')).status).toBe(200);
    expect(app.callsFor('file-1').map((call) => call.attempt)).toEqual([1, 2]);
  });
});
