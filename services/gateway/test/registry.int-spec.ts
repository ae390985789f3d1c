import { once } from 'node:events';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startScriptedApp, type ScriptedApp } from '#libs/testing';
import type { HttpClient } from './http-client.js';
import { MP4_HEAD, TestGateway } from './test-gateway.js';

const MEGABYTE = 1024 * 1024;
/** Metadata of a CLAMS app with a description of `bytes` bytes. */
const metadataOf = (bytes: number): string =>
  JSON.stringify({ name: 'Large', identifier: 'http://apps.clams.ai/large/v1', description: 'x'.repeat(bytes) });

let gateway: TestGateway;
let client: HttpClient;
let scripted: ScriptedApp;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  scripted = await startScriptedApp({ name: 'shots' });
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));
beforeEach(() => void gateway.wakeUps.splice(0));

describe('media files', () => {
  let path: string;
  const register = (guid: string, file: string, rest: object = {}) =>
    client.post('/api/media-files', { guid, path: file, ...rest });
  beforeAll(async () => {
    path = join(gateway.mediaFolder, 'news.mp4');
    await writeFile(path, MP4_HEAD);
  });

  it('are registered once', async () => {
    const first = await register('cpb-news', path, { title: ' Evening news ' });
    expect(first).toMatchObject({
      status: 201,
      body: { guid: 'cpb-news', title: 'Evening news', path, kind: 'video', createdAt: expect.stringMatching(/Z$/) },
    });
    expect(await register('cpb-news', path)).toMatchObject({ status: 200, body: first.body });
  });

  it('include audio files', async () => {
    const sound = join(gateway.mediaFolder, 'talk.mp3');
    await writeFile(sound, 'ID3 sound');
    expect(await register('cpb-talk', sound)).toMatchObject({ status: 201, body: { kind: 'audio' } });
  });

  it('are registered with their real path behind a symbolic link', async () => {
    const link = join(gateway.mediaFolder, 'link.mp4');
    await symlink(path, link);
    expect(await register('cpb-linked', link)).toMatchObject({ status: 201, body: { path } });
  });

  it('reject a GUID that is registered with another file', async () => {
    const other = join(gateway.mediaFolder, 'other.mp4');
    await writeFile(other, MP4_HEAD);
    await register('cpb-news', path);
    const answer = await register('cpb-news', other);
    expect(answer).toMatchObject({
      status: 409,
      body: { type: '/problems/guid-taken', detail: expect.stringContaining(path) },
    });
  });

  it('reject paths outside the media folders without revealing whether they exist', async () => {
    const outside = join(dirname(gateway.mediaFolder), 'secret.mp4');
    await writeFile(outside, MP4_HEAD);
    const link = join(gateway.mediaFolder, 'leads-out.mp4');
    await symlink(outside, link);
    const paths = [
      outside,
      `${outside}.gone`,
      link,
      join(gateway.mediaFolder, '..', 'secret.mp4'),
      `${gateway.mediaFolder}/../secret.mp4`,
      gateway.mediaFolder,
      `${gateway.mediaFolder}-2/x.mp4`,
      'news.mp4',
      '/etc/passwd',
    ];
    for (const given of paths) {
      const answer = await register('cpb-outside', given);
      expect([given, answer.status]).toEqual([given, 422]);
      expect(answer.body).toMatchObject({
        type: '/problems/media-outside-folders',
        detail: expect.stringContaining('MEDIA_FOLDERS'),
      });
      expect(answer.bytes.toString()).not.toContain('secret');
    }
  });

  it('reject missing files and folders', async () => {
    for (const given of [join(gateway.mediaFolder, 'gone.mp4'), join(gateway.mediaFolder, 'news.mp4', 'x.mp4')])
      expect(await register('cpb-gone', given)).toMatchObject({
        status: 422,
        body: { type: '/problems/media-missing' },
      });
  });

  it('reject content that is neither video nor audio', async () => {
    for (const [name, content] of [
      ['renamed.mp4', 'These are words.'],
      ['empty.mp4', ''],
      ['words.txt', 'These are words.'],
      ['noname', MP4_HEAD],
      ['page.mp3', '<html>'],
    ] as const) {
      const file = join(gateway.mediaFolder, name);
      await writeFile(file, content);
      if (content === '') await truncate(file, 0);
      expect([name, (await register('cpb-words', file)).body]).toEqual([
        name,
        expect.objectContaining({ type: '/problems/no-media', status: 422, detail: expect.stringContaining(name) }),
      ]);
    }
  });

  it('reject GUIDs that cannot be part of a file name', async () => {
    for (const guid of ['', 'a b', '../x', 'ü', 'x'.repeat(129)])
      expect(await register(guid, path)).toMatchObject({
        status: 400,
        body: { type: '/problems/invalid-request', errors: [{ path: 'guid' }] },
      });
  });

  it('are found by GUID', async () => {
    await register('cpb-news', path);
    expect((await client.get('/api/media-files?guid=cpb-news')).body).toMatchObject({
      items: [{ guid: 'cpb-news' }],
      next: null,
    });
    expect((await client.get('/api/media-files?guid=cpb-nothing')).body).toEqual({ items: [], next: null });
  });
});

describe('apps', () => {
  const serving: (() => void)[] = [];
  afterAll(() => serving.forEach((end) => end()));

  /** A URL at which `listener` answers; without a listener, the connection is refused. */
  async function addressOf(listener: RequestListener | null): Promise<string> {
    const server = createServer(listener ?? (() => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (listener) serving.push(() => server.close());
    else await once(server.close(), 'close');
    return `http://127.0.0.1:${port}`;
  }

  it('are registered once, with the metadata that they report', async () => {
    const first = await client.post('/api/apps', { url: `${scripted.url}/`, concurrency: 3 });
    expect(first).toMatchObject({
      status: 201,
      body: { slug: 'shots_v1', url: scripted.url, identifier: scripted.identifier, concurrency: 3, ready: false },
    });
    expect(gateway.wakeUps).toEqual(['job.apps.registered']);
    expect(await client.post('/api/apps', { url: scripted.url, concurrency: 3 })).toMatchObject({
      status: 200,
      body: first.body,
    });
    const { changes, ...app } = first.body as { changes: string[] };
    expect(changes).toEqual([]);
    expect((await client.get('/api/apps')).body).toEqual({ items: [app], next: null });
  });

  it('are shown with their parameters as form fields and with their input and output types', async () => {
    const slug = await gateway.readyApp(scripted.url);
    expect(await client.get(`/api/apps/${slug}`)).toMatchObject({
      status: 200,
      body: {
        slug,
        parameters: [{ name: 'threshold', type: 'number', multivalued: false, required: false, default: 0.5 }],
        input: [{ oneOf: ['VideoDocument'], required: true }],
        output: ['TimeFrame'],
      },
    });
    expect(await client.get('/api/apps/nothing_v1')).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-app' },
    });
  });

  it('do not wake the scheduler when they are ready', async () => {
    await gateway.readyApp(scripted.url);
    gateway.wakeUps.splice(0);
    await client.post('/api/apps', { url: scripted.url });
    expect(gateway.wakeUps).toEqual([]);
  });

  it('are rejected on other hosts and at URLs with credentials or a query', async () => {
    for (const [url, type] of [
      ['http://192.0.2.1:80', 'app-host-not-allowed'],
      ['http://localhost:1', 'app-host-not-allowed'],
      [`http://user:secret@${new URL(scripted.url).host}`, 'no-app'],
      [`${scripted.url}?x=1`, 'no-app'],
    ])
      expect([url, (await client.post('/api/apps', { url })).body]).toEqual([
        url,
        expect.objectContaining({ type: `/problems/${type}`, status: 422 }),
      ]);
    expect((await client.post('/api/apps', { url: 'ftp://127.0.0.1' })).status).toBe(400);
    expect((await client.post('/api/apps', { url: scripted.url, concurrency: 0 })).status).toBe(400);
  });

  it('can have large metadata', async () => {
    const url = await addressOf((_, response) => void response.end(metadataOf(MEGABYTE / 2)));
    expect(await client.post('/api/apps', { url })).toMatchObject({ status: 201, body: { name: 'Large' } });
  });

  it.each([
    ['nothing listens', null, 'no server is listening there'],
    ['the connection is closed', (_, response) => void response.destroy(), 'the connection was closed'],
    ['the path is unknown', (_, response) => void response.writeHead(404).end(), 'it answered with status 404'],
    ['a web page is returned', (_, response) => void response.end('<!doctype html><p>It works!'), 'a web page'],
    ['plain text is returned', (_, response) => void response.end('hello'), 'text that is not valid JSON'],
    [
      'other JSON is returned',
      (_, response) => void response.end('{"status":"ok"}'),
      'name and identifier are missing or invalid',
    ],
    [
      '20 MB of metadata are returned',
      (_, response) => void response.end(metadataOf(20 * MEGABYTE)),
      'longer than 1 MB',
    ],
  ] satisfies [string, RequestListener | null, string][])(
    'are rejected when %s, with the reason and the next action',
    async (_, listener, reason) => {
      const known = (await client.get('/api/apps')).body;
      const url = await addressOf(listener);
      const answer = await client.post('/api/apps', { url });
      expect(answer).toMatchObject({
        status: 422,
        body: { type: '/problems/no-app', detail: expect.stringMatching(`^${url} did not return .*${reason}.*Check`) },
      });
      expect((await client.get('/api/apps')).body).toEqual(known);
    },
  );

  it('list their changes when they are registered again', async () => {
    let others = {};
    const changing = await startScriptedApp({ name: 'changing', metadata: () => others });
    const first = await client.post('/api/apps', { url: changing.url });
    others = { description: 'Better.', parameters: [] };
    const second = await client.post('/api/apps', { url: changing.url });
    await changing.close();
    expect(second).toMatchObject({
      status: 200,
      body: { changes: ['The entry "description" has changed.', 'The parameter "threshold" was removed.'] },
    });
    const digest = ({ body }: { body: unknown }) => (body as { metadataSha256: string }).metadataSha256;
    expect(digest(second)).not.toBe(digest(first));
  });

  it('cannot be moved to another URL', async () => {
    const twin = await startScriptedApp({ name: 'shots' });
    const answer = await client.post('/api/apps', { url: twin.url });
    await twin.close();
    expect(answer).toMatchObject({
      status: 409,
      body: { type: '/problems/app-registered-elsewhere', detail: expect.stringContaining(scripted.url) },
    });
  });
});

describe('pipelines', () => {
  let app: string;
  beforeAll(async () => {
    app = await gateway.readyApp(scripted.url);
  });
  const save = (name: string, ...stages: object[]) => client.post('/api/pipelines', { name, stages });

  it('get a new version only when their stages differ', async () => {
    const first = await save('shots', { app, parameters: { threshold: 0.5 } });
    expect(first).toMatchObject({
      status: 201,
      body: { name: 'shots', version: 1, stages: [{ index: 0, app, name: 'shots', parameters: { threshold: 0.5 } }] },
    });
    expect(await save('shots', { app, parameters: { threshold: 0.5 } })).toMatchObject({
      status: 200,
      body: first.body,
    });
    const second = await save('shots', { app, parameters: { threshold: 0.6 } });
    expect(second).toMatchObject({ status: 201, body: { id: (first.body as { id: number }).id, version: 2 } });
    expect(await client.get(`/api/pipelines/${(first.body as { id: number }).id}`)).toMatchObject({
      status: 200,
      body: second.body,
    });
  });

  it('are saved with warnings about the order of their apps', async () => {
    const input = [{ '@type': 'http://mmif.clams.ai/vocabulary/TimePoint/v4', required: true }];
    const needy = await startScriptedApp({ name: 'needy', metadata: () => ({ input }) });
    const answer = await save('odd', { app }, { app: await gateway.readyApp(needy.url) });
    await needy.close();
    expect(answer).toMatchObject({
      status: 201,
      body: { findings: [{ stage: 1, level: 'warning', sentence: expect.stringContaining('needs TimePoint') }] },
    });
    expect(await save('sound', { app }, { app })).toMatchObject({ body: { findings: [] } });
  });

  it('reject an app before the app whose output it needs', async () => {
    const input = [{ '@type': 'http://mmif.clams.ai/vocabulary/TimeFrame/v5', required: true }];
    const reader = await startScriptedApp({ name: 'reader', metadata: () => ({ input, output: [] }) });
    const slug = await gateway.readyApp(reader.url);
    await reader.close();
    const refusal = [{ path: 'stages.0.app', message: expect.stringContaining(`Put ${app} before ${slug}`) }];
    expect(await save('wrong', { app: slug }, { app })).toMatchObject({
      status: 422,
      body: { type: '/problems/incompatible-order', errors: refusal },
    });
    const stages = [
      { app: slug, parameters: {} },
      { app, parameters: {} },
    ];
    expect(await client.post('/api/pipelines/check', { name: 'wrong', stages })).toMatchObject({
      status: 200,
      body: { errors: refusal },
    });
    expect(await save('right', { app }, { app: slug })).toMatchObject({ status: 201, body: { findings: [] } });
    expect((await client.get('/api/pipelines?query=wrong')).body).toMatchObject({ items: [] });
  });

  it('can use an app more than once', async () => {
    expect(await save('twice', { app }, { app })).toMatchObject({ status: 201, body: { stages: [{ app }, { app }] } });
  });

  it('reject unknown apps and apps that are not ready', async () => {
    const other = await startScriptedApp({ name: 'not-ready' });
    await client.post('/api/apps', { url: other.url });
    await other.close();
    expect(await save('x', { app: 'nothing_v1' })).toMatchObject({
      status: 422,
      body: { type: '/problems/unknown-app', detail: expect.stringContaining('"nothing_v1"') },
    });
    expect(await save('x', { app: 'not-ready_v1' })).toMatchObject({
      status: 409,
      body: { type: '/problems/app-not-ready', detail: expect.stringContaining('scheduler') },
    });
  });

  it('reject invalid parameters with their stage', async () => {
    const answer = await save(
      'x',
      { app, parameters: { threshold: 0.5 } },
      { app, parameters: { threshold: 'much', size: 1 } },
    );
    expect(answer).toMatchObject({
      status: 422,
      body: {
        type: '/problems/invalid-parameters',
        errors: [{ path: 'stages.1.parameters.size' }, { path: 'stages.1.parameters.threshold' }],
      },
    });
    expect(answer.bytes.toString()).toContain('threshold');
    expect(answer.bytes.toString()).toContain('size');
  });

  it('reject invalid bodies with the position of the error', async () => {
    for (const [body, path] of [
      [{ name: 'x', stages: [] }, 'stages'],
      [{ name: '', stages: [{ app }] }, 'name'],
      [{ name: 'x', stages: [{ app, parameters: { threshold: null } }] }, 'stages.0.parameters.threshold'],
      [{ name: 'x', stages: [{ app, extra: 1 }] }, 'stages.0'],
    ] as const)
      expect((await client.post('/api/pipelines', body)).body).toMatchObject({
        type: '/problems/invalid-request',
        errors: [{ path }],
      });
  });

  it('reject a route that is too large for its messages', async () => {
    const long = { app, parameters: { threshold: `0.${'5'.repeat(60_000)}` } };
    expect(await save('long', long, long, long)).toMatchObject({
      status: 422,
      body: { type: '/problems/pipeline-too-large', detail: expect.stringContaining('131072') },
    });
  });

  it('return 404 for an unknown or invalid id', async () => {
    for (const id of ['999999', '0', '-1', 'x', '1e3', '99999999999'])
      expect([id, (await client.get(`/api/pipelines/${id}`)).body]).toEqual([
        id,
        expect.objectContaining({ type: '/problems/unknown-pipeline', status: 404 }),
      ]);
  });
});
