import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CollectionView, CreatedCollection, ImportReport, MediaFileRow, Page } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { MP4_HEAD, TestGateway } from './test-gateway.js';

const FILES = ['cpb-aacip-507-a', 'cpb-aacip-507-b', 'cpb-aacip-507-c'];

let gateway: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  await gateway.mediaFiles(FILES);
});
afterAll(() => gateway.close());

const create = (body: object) => client.post('/api/collections', body);
/** Creates a collection with a unique name. */
async function collection(name: string, files: string[] = []): Promise<CreatedCollection> {
  const { status, body } = await create({ name, files });
  expect(status).toBe(201);
  return body as CreatedCollection;
}
const guidsIn = async (id: number) =>
  ((await client.get(`/api/collections/${id}/files`)).body as Page<MediaFileRow>).items.map(({ guid }) => guid);

describe('a collection', () => {
  it('is created empty and can be read', async () => {
    const { status, body } = await create({ name: ' Empty ', description: 'Nothing yet.' });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.any(Number),
        name: 'Empty',
        description: 'Nothing yet.',
        files: 0,
        createdBy: 'local',
        createdAt: expect.stringMatching(/Z$/),
        unknown: { count: 0, guids: [] },
      },
    ]);
    const { unknown: _unknown, ...view } = body as CreatedCollection;
    expect((await client.get(`/api/collections/${view.id}`)).body).toEqual(view);
    expect(await guidsIn(view.id)).toEqual([]);
  });

  it('is created from GUIDs in any spelling, without duplicates, and names unknown ones', async () => {
    const files = ['cpb-aacip/507-a', 'cpb-aacip_507-b.mp4', 'CPB-AACIP-507-A', 'cpb-aacip-507-z', 'no guid'];
    const created = await collection('From GUIDs', files);
    expect(created).toMatchObject({ files: 2, unknown: { count: 2, guids: ['cpb-aacip-507-z', 'no guid'] } });
    expect(await guidsIn(created.id)).toEqual(FILES.slice(0, 2));
  });

  it('is created from a search', async () => {
    const { body } = await create({ name: 'From a search', search: { query: '507-c', status: 'never' } });
    expect(body).toMatchObject({ files: 1 });
    expect(await guidsIn((body as CollectionView).id)).toEqual(['cpb-aacip-507-c']);
  });

  it('is created from a search in another collection', async () => {
    const { id } = await collection('Outer', FILES);
    expect((await create({ name: 'Inner', search: { query: '507-b', collection: id } })).body).toMatchObject({
      files: 1,
    });
  });

  it('is created from what an import has found', async () => {
    await writeFile(join(gateway.mediaFolder, 'cpb-aacip-507-new.mp4'), MP4_HEAD);
    const guids = ['cpb-aacip-507-new', 'cpb-aacip-507-a', 'cpb-aacip/507-a', 'cpb-aacip-507-z'];
    const imported = (await client.post('/api/media-files/imports', { guids })).body as ImportReport;
    const { body } = await create({ name: 'From an import', import: imported.import });
    expect(body).toMatchObject({ files: 2 });
    expect(await guidsIn((body as CollectionView).id)).toEqual(['cpb-aacip-507-a', 'cpb-aacip-507-new']);
  });

  it('is not created when its source yields no file, and its name stays free', async () => {
    const sources = [
      [{ files: ['cpb-aacip-507-z'] }, 'unknown-files', 422],
      [{ search: { query: 'zebra' } }, 'nothing-found', 422],
      [{ search: { collection: 999_999 } }, 'unknown-collection', 404],
      [{ import: 999_999 }, 'unknown-import', 404],
    ] as const;
    for (const [source, type, status] of sources)
      expect(await create({ name: 'Nothing', ...source })).toMatchObject({
        status,
        body: { type: `/problems/${type}` },
      });
    await collection('Nothing');
  });

  it('has a unique name, regardless of case', async () => {
    await collection('Evening news');
    const taken = { status: 409, body: { type: '/problems/collection-name-taken' } };
    expect(await create({ name: 'EVENING NEWS' })).toMatchObject(taken);
    const other = await collection('Morning news');
    expect(
      await client.send('PATCH', `/api/collections/${other.id}`, { body: { name: 'evening News' } }),
    ).toMatchObject(taken);
    expect((await client.get(`/api/collections/${other.id}`)).body).toMatchObject({ name: 'Morning news' });
  });

  it('is created once when concurrent requests use the same name', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ name: 'At once', files: FILES })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });

  it('changes name and description and keeps omitted fields', async () => {
    const { id } = await collection('Old name', FILES);
    const change = (body: object) => client.send('PATCH', `/api/collections/${id}`, { body });
    expect((await change({ name: 'New name' })).body).toMatchObject({ name: 'New name', description: '', files: 3 });
    expect((await change({ description: 'Words.' })).body).toMatchObject({ name: 'New name', description: 'Words.' });
    expect(await change({})).toMatchObject({ status: 400 });
  });

  it('counts the files that were actually added and removed', async () => {
    const { id } = await collection('Changing', FILES.slice(0, 2));
    const change = async (body: object) => (await client.post(`/api/collections/${id}/files`, body)).body;
    expect(await change({ add: [...FILES, 'cpb-aacip-507-z'] })).toMatchObject({
      added: 1,
      removed: 0,
      unknown: { count: 1, guids: ['cpb-aacip-507-z'] },
      collection: { files: 3 },
    });
    expect(await change({ add: FILES, remove: ['cpb-aacip/507-a', 'cpb-aacip-507-y'] })).toMatchObject({
      added: 0,
      removed: 1,
      unknown: { count: 1, guids: ['cpb-aacip-507-y'] },
      collection: { files: 2 },
    });
    expect(await change({ remove: ['cpb-aacip-507-a'] })).toMatchObject({ removed: 0, collection: { files: 2 } });
    expect(await guidsIn(id)).toEqual(FILES.slice(1));
  });

  it('has the correct count after concurrent changes', async () => {
    const { id } = await collection('Changed at once');
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => {
        const change = n % 2 === 0 ? { add: FILES } : { remove: [FILES[0]] };
        return client.post(`/api/collections/${id}/files`, change);
      }),
    );
    expect((await client.get(`/api/collections/${id}`)).body).toMatchObject({ files: (await guidsIn(id)).length });
  });

  it('is deleted without its media files', async () => {
    const { id } = await collection('Short-lived', FILES);
    expect(await client.send('DELETE', `/api/collections/${id}`)).toMatchObject({
      status: 200,
      body: { files: 3, sentence: 'The collection "Short-lived" was deleted. Its 3 media files are kept.' },
    });
    expect(await client.get(`/api/collections/${id}`)).toMatchObject({ status: 404 });
    expect((await client.get('/api/media-files?guid=cpb-aacip-507-a')).body).toMatchObject({ items: [{}] });
  });
});

describe('the list of collections', () => {
  it('is paged, newest first, and finds parts of names', async () => {
    const first = await collection('Listed 1');
    const second = await collection('Listed 2');
    const list = async (query: string) => (await client.get(`/api/collections?${query}`)).body as Page<CollectionView>;
    const page = await list('query=LISTED&limit=1');
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    expect((await list(`query=LISTED&limit=1&cursor=${page.next}`)).items.map(({ id }) => id)).toEqual([first.id]);
    expect(await list('query=100%25')).toEqual({ items: [], next: null });
  });

  it('pages the files of a collection and rejects the cursor of another one', async () => {
    const [one, two] = [await collection('Paged 1', FILES), await collection('Paged 2', FILES)];
    const files = (id: number, cursor: string) => client.get(`/api/collections/${id}/files?limit=2&cursor=${cursor}`);
    const { next } = (await client.get(`/api/collections/${one.id}/files?limit=2`)).body as Page<MediaFileRow>;
    expect((await files(one.id, next!)).body).toMatchObject({ items: [{ guid: 'cpb-aacip-507-c' }], next: null });
    expect(await files(two.id, next!)).toMatchObject({ status: 400, body: { type: '/problems/invalid-cursor' } });
  });
});

describe('the collections interface', () => {
  it.each<[string, string, object | undefined]>([
    ['GET', '/api/collections/999999', undefined],
    ['GET', '/api/collections/x', undefined],
    ['GET', '/api/collections/999999/files', undefined],
    ['PATCH', '/api/collections/999999', { name: 'x' }],
    ['DELETE', '/api/collections/999999', undefined],
    ['POST', '/api/collections/999999/files', { add: ['a'] }],
  ])('returns 404 for an unknown collection: %s %s', async (method, path, body) => {
    expect(await client.send(method, path, { body })).toMatchObject({
      status: 404,
      body: { type: '/problems/unknown-collection' },
    });
  });

  it.each<[object]>([
    [{}],
    [{ name: ' ' }],
    [{ name: 'x', files: [7] }],
    [{ name: 'x', files: [], import: 1 }],
    [{ name: 'x', search: { status: 'asleep' } }],
    [{ name: 'x', import: -1 }],
    [{ name: 'x', more: true }],
  ])('rejects the invalid body %j', async (body) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { type: '/problems/invalid-request' } });
  });
});
