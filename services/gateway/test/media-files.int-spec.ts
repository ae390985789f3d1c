import { copyFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MediaFileRow, Page } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { record } from './recorded-stage.js';
import { MP4_HEAD, TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  await gateway.prepare({ pipeline: 'Shots twice', stages: 2 });
});
afterAll(() => gateway.close());

/** GUIDs of a search result, in order. */
const found = async (query: string) => {
  const { status, body } = await client.get(`/api/media-files?${query}`);
  expect(status).toBe(200);
  return (body as Page<MediaFileRow>).items.map(({ guid }) => guid);
};
const titled = async (guid: string, title: string) => {
  const path = join(gateway.mediaFolder, `${guid}.mp4`);
  await writeFile(path, MP4_HEAD);
  expect(await client.post('/api/media-files', { guid, path, title })).toMatchObject({ status: 201 });
};

describe('the search for media files', () => {
  beforeAll(async () => {
    await titled('cpb-aacip-507-search1', 'Evening News: 100% true');
    await titled('cpb-aacip-507-search2', 'Morning news, TV');
    await titled('cpb_search3', 'Käse_Ball');
  });

  it.each([
    ['search1', ['cpb-aacip-507-search1']],
    ['cpb-aacip_507-SEARCH', ['cpb-aacip-507-search1', 'cpb-aacip-507-search2']],
    ['cpb-aacip%2F507-search2', ['cpb-aacip-507-search2']],
    ['cpb-search3', ['cpb_search3']],
    ['news+morn', ['cpb-aacip-507-search2']],
    ['ews', ['cpb-aacip-507-search1', 'cpb-aacip-507-search2']],
    ['tv', ['cpb-aacip-507-search2']],
    ['v', []],
    ['100%25', ['cpb-aacip-507-search1']],
    ['%25', []],
    ['K%C3%84SE_', ['cpb_search3']],
    ['zebra', []],
    ['news+zebra', []],
  ])('for %s finds %j', async (query, guids) => expect(await found(`query=${query}`)).toEqual(guids));

  it('continues after the previous page', async () => {
    const page = (await client.get('/api/media-files?query=507-search&limit=1')).body as Page<MediaFileRow>;
    expect(page.items).toMatchObject([{ guid: 'cpb-aacip-507-search1', status: 'never', durationMs: null }]);
    expect(await found(`query=507-search&limit=1&cursor=${page.next}`)).toEqual(['cpb-aacip-507-search2']);
  });

  it.each([
    [400, 'status=asleep'],
    [400, 'collection=x'],
    [400, 'collection=-1'],
    [404, 'collection=999999'],
    [400, `query=${'x'.repeat(201)}`],
    [400, 'query=%00'],
    [400, 'cursor=nonsense'],
  ])('returns %i for %s', async (status, query) => {
    expect(await client.get(`/api/media-files?${query}`)).toMatchObject({ status });
  });
});

describe('the status of a media file', () => {
  const statusOf = async (guid: string) =>
    ((await client.get(`/api/media-files?guid=${guid}`)).body as Page<MediaFileRow>).items[0]!.status;

  it('is that of its newest run except drafts, and can be searched for', async () => {
    await titled('cpb-aacip-507-status', 'Status');
    const search = (status: string) => found(`query=507-status&status=${status}`);
    expect(await search('never')).toEqual(['cpb-aacip-507-status']);

    const first = await gateway.draft('Shots twice', ['cpb-aacip-507-status']);
    expect(await statusOf('cpb-aacip-507-status')).toBe('never');
    expect(await search('waiting')).toEqual([]);
    await client.post(`/api/batches/${first.id}/start`);
    expect(await search('waiting')).toEqual(['cpb-aacip-507-status']);
    expect(await search('never')).toEqual([]);

    await record(gateway, first.id, { state: 'failed', outcome: 'app-error', sentence: 'It broke.' });
    expect(await search('failed')).toEqual(['cpb-aacip-507-status']);

    const second = await gateway.draft('Shots twice', ['cpb-aacip-507-status']);
    expect(await search('failed')).toEqual(['cpb-aacip-507-status']);
    await client.post(`/api/batches/${second.id}/start`);
    await record(gateway, second.id, { index: 0 });
    await record(gateway, second.id, { index: 1 });
    expect(await search('failed')).toEqual([]);
    expect(await search('done')).toEqual(['cpb-aacip-507-status']);
  });
});

describe('a media file', () => {
  beforeAll(() => titled('cpb-aacip-507-detail', 'Detail'));

  it('is found in any spelling of its GUID, with its collections and its runs, newest first', async () => {
    const created = await client.post('/api/collections', { name: 'Details', files: ['cpb-aacip-507-detail'] });
    const one = await gateway.draft('Shots twice', ['cpb-aacip-507-detail']);
    const two = await gateway.draft('Shots twice', ['cpb-aacip-507-detail']);
    const content = Buffer.from('{}');
    const document = { sha256: 'd'.repeat(64), bytes: 2, encoding: 'identity', content } as const;
    await record(gateway, one.id, { document: document.sha256, coverage: { covered: 5, of: 61_000 } }, [document]);
    for (const spelling of ['cpb-aacip-507-detail', 'cpb-aacip%2F507-detail', 'CPB-AACIP_507-DETAIL.mp4'])
      expect(await client.get(`/api/media-files/${spelling}`)).toMatchObject({
        status: 200,
        body: {
          guid: 'cpb-aacip-507-detail',
          title: 'Detail',
          metadata: {},
          durationMs: 61_000,
          collections: [{ id: (created.body as { id: number }).id, name: 'Details' }],
          runs: [
            { batch: { id: two.id }, state: 'waiting', documents: [] },
            {
              batch: { id: one.id, name: 'Evening news' },
              pipeline: { name: 'Shots twice', version: 1 },
              documents: [{ index: 0, sha256: document.sha256, bytes: 2 }],
            },
          ],
        },
      });
  });

  it('changes title, metadata and file and keeps omitted fields', async () => {
    const change = (body: object) => client.send('PATCH', '/api/media-files/cpb-aacip-507-detail', { body });
    const path = join(gateway.mediaFolder, 'detail-again.mp4');
    await writeFile(path, MP4_HEAD);
    expect(await change({ title: 'Better' })).toMatchObject({ status: 200, body: { title: 'Better', metadata: {} } });
    expect((await change({ metadata: { Year: '1974' } })).body).toMatchObject({
      title: 'Better',
      metadata: { Year: '1974' },
    });
    expect((await change({ path })).body).toMatchObject({ path, title: 'Better', metadata: { Year: '1974' } });
    expect((await change({ metadata: {} })).body).toMatchObject({ path, metadata: {} });
  });

  it('is measured at registration and when its file changes', async () => {
    const movie = resolve('services/demo-apps/media/cpb-aacip-512-sample0002.mp4');
    const path = join(gateway.mediaFolder, 'cpb-aacip-512-timed.mp4');
    await copyFile(movie, path);
    await client.post('/api/media-files', { guid: 'cpb-aacip-512-timed', path });
    const timed = await client.get('/api/media-files/cpb-aacip-512-timed');
    expect(timed.body).toMatchObject({ durationMs: 34_000 });
    const other = join(gateway.mediaFolder, 'untimed.mp4');
    await writeFile(other, MP4_HEAD);
    const change = (body: object) => client.send('PATCH', '/api/media-files/cpb-aacip-512-timed', { body });
    expect((await change({ title: 'x' })).body).toMatchObject({ durationMs: 34_000 });
    expect((await change({ path: other })).body).toMatchObject({ durationMs: null });
    expect((await change({ path })).body).toMatchObject({ durationMs: 34_000 });
  });

  it.each<[number, string, object]>([
    [400, 'invalid-request', {}],
    [400, 'invalid-request', { guid: 'another' }],
    [400, 'invalid-request', { metadata: { Year: 1974 } }],
    [422, 'media-outside-folders', { path: '/etc/passwd' }],
    [422, 'media-missing', { path: '{folder}/gone.mp4' }],
  ])('rejects an invalid change: %i %s for %j', async (status, type, body) => {
    const before = (await client.get('/api/media-files/cpb-aacip-507-detail')).body;
    const sent = JSON.stringify(body).replace('{folder}', gateway.mediaFolder);
    expect(await client.send('PATCH', '/api/media-files/cpb-aacip-507-detail', { body: sent })).toMatchObject({
      status,
      body: { type: `/problems/${type}` },
    });
    expect((await client.get('/api/media-files/cpb-aacip-507-detail')).body).toEqual(before);
  });

  it('returns 404 for an unknown or invalid GUID', async () => {
    for (const guid of ['cpb-aacip-507-nothing', 'no%20guid', '%00', '%C3%BC', 'x'.repeat(300)])
      for (const method of ['GET', 'PATCH'])
        expect(
          await client.send(method, `/api/media-files/${guid}`, method === 'GET' ? {} : { body: { title: 'x' } }),
        ).toMatchObject({ status: 404, body: { type: '/problems/unknown-media-file' } });
  });
});
