import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportLine, ImportReport, MediaFileRow, Page } from '#libs/contracts';
import { waitFor } from '#libs/testing';
import type { Answer, HttpClient } from './http-client.js';
import { MP4_HEAD, TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
});
afterAll(() => gateway.close());

const ROUTE = '/api/media-files/imports';
const send = (body: string | Buffer | object, type: string, query = '') =>
  client.send('POST', `${ROUTE}${query}`, { body, headers: { 'content-type': type } });
const csv = (body: string | Buffer, query = '') => send(body, 'text/csv', query);
const reportOf = ({ body }: Answer) => body as ImportReport;
const resultsOf = (answer: Answer) =>
  Object.fromEntries(reportOf(answer).lines.map((line) => [line.line, line.result]));

/** Creates a small video file in the media folder. */
async function video(...name: string[]): Promise<string> {
  const path = join(gateway.mediaFolder, ...name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, MP4_HEAD);
  return path;
}
const registered = async (guid: string) =>
  ((await client.get(`/api/media-files?guid=${guid}`)).body as Page<MediaFileRow>).items;

describe('an import of a table', () => {
  it('reports the result of each line, problems first', async () => {
    const path = await video('1974', 'cpb-aacip-507-table1.mp4');
    await video('cpb-aacip_507-table2.h264.mp4');
    await video('a', 'cpb-aacip-507-table3_01.mp4');
    await video('b', 'cpb-aacip-507-table3_02.mp4');
    await gateway.mediaFiles(['cpb-aacip-507-table4']);
    await writeFile(join(gateway.mediaFolder, 'cpb-aacip-507-table6.mp4'), 'These are words.');
    const lines = [
      'Title,GUID,Year',
      'First,cpb-aacip/507-table1,1974',
      'Second,cpb-aacip-507-table2,',
      'Third,cpb-aacip-507-table3,',
      'Fourth,CPB-AACIP-507-TABLE4,',
      'First again,cpb-aacip_507-table1,',
      'Fifth,cpb-aacip-507-table5,',
      'Sixth,cpb-aacip-507-table6,',
      'Seventh,,',
    ];
    const answer = await csv(lines.join('\r\n'));
    expect(answer.status).toBe(201);
    expect(reportOf(answer)).toMatchObject({
      dryRun: false,
      source: 'csv',
      counts: { lines: 8, found: 3, added: 2, present: 1, duplicate: 1, unknown: 1, doubtful: 3 },
      import: expect.any(Number),
    });
    expect(reportOf(answer).lines.map(({ line, result }) => [line, result])).toEqual([
      [4, 'doubtful'],
      [6, 'duplicate'],
      [7, 'unknown'],
      [8, 'doubtful'],
      [9, 'doubtful'],
      [2, 'added'],
      [3, 'added'],
      [5, 'present'],
    ]);
    expect(reportOf(answer).lines.at(-3)).toEqual({
      line: 2,
      given: 'cpb-aacip/507-table1',
      guid: 'cpb-aacip-507-table1',
      result: 'added',
      sentence: `File: ${path}.`,
    });
    expect(await registered('cpb-aacip-507-table1')).toMatchObject([{ title: 'First', path, kind: 'video' }]);
    expect(await registered('cpb-aacip-507-table3')).toEqual([]);
  });

  it('reports every line as present when it is repeated', async () => {
    await video('cpb-aacip-507-again1.mp4');
    expect(resultsOf(await csv('GUID\ncpb-aacip-507-again1\n'))).toEqual({ 2: 'added' });
    const again = await csv('GUID\ncpb-aacip-507-again1\n');
    expect(again.status).toBe(201);
    expect(resultsOf(again)).toEqual({ 2: 'present' });
    expect(await registered('cpb-aacip-507-again1')).toHaveLength(1);
  });

  it('returns the same report in a dry run and stores nothing', async () => {
    await video('cpb-aacip-507-dry1.mp4');
    const table = 'GUID\ncpb-aacip-507-dry1\ncpb-aacip-507-dry2\n';
    const dry = await csv(table, '?dryRun=true');
    expect(dry.status).toBe(200);
    expect(await registered('cpb-aacip-507-dry1')).toEqual([]);
    const { lines, counts } = reportOf(await csv(table));
    expect(reportOf(dry)).toEqual({ dryRun: true, source: 'csv', counts, lines, import: null });
  });

  it('accepts absolute paths and paths relative to a media folder', async () => {
    const deep = await video('deep', 'tape 1.mp4');
    const other = await video('deep', 'tape 2.mp4');
    await video('elsewhere', 'cpb-aacip-507-path4.mp4');
    const outside = join(dirname(gateway.mediaFolder), 'cpb-aacip-507-path5.mp4');
    await writeFile(outside, MP4_HEAD);
    const table = [
      'guid;path',
      `cpb-aacip-507-path1;${deep}`,
      String.raw`cpb-aacip-507-path2;deep\tape 2.mp4`,
      'cpb-aacip-507-path3;deep/tape 3.mp4',
      ';cpb-aacip-507-path4.mp4',
      `cpb-aacip-507-path5;${outside}`,
    ].join('\n');
    const answer = await csv(table);
    expect(resultsOf(answer)).toEqual({ 2: 'added', 3: 'added', 4: 'unknown', 5: 'added', 6: 'unknown' });
    expect(reportOf(answer).lines.find(({ line }) => line === 6)?.sentence).toContain('MEDIA_FOLDERS');
    expect(await registered('cpb-aacip-507-path2')).toMatchObject([{ path: other }]);
  });

  it('reports a GUID that is registered with another file as doubtful and does not change it', async () => {
    await gateway.mediaFiles(['cpb-aacip-507-moved']);
    const [before] = await registered('cpb-aacip-507-moved');
    const moved = await video('moved', 'cpb-aacip-507-moved.mp4');
    const answer = await csv(`guid,path\ncpb-aacip-507-moved,${moved}\n`, '?update=true');
    expect(resultsOf(answer)).toEqual({ 2: 'doubtful' });
    expect(await registered('cpb-aacip-507-moved')).toEqual([before]);
  });

  it('updates title and metadata only on request', async () => {
    await gateway.mediaFiles(['cpb-aacip-507-said']);
    const table = 'GUID,Title,Year\ncpb-aacip-507-said,Better title,1974\n';
    await csv(table);
    expect(await registered('cpb-aacip-507-said')).toMatchObject([{ title: '' }]);
    await csv(table, '?update=true');
    expect(await registered('cpb-aacip-507-said')).toMatchObject([{ title: 'Better title' }]);
    await csv('GUID,Title\ncpb-aacip-507-said,\n', '?update=true');
    expect(await registered('cpb-aacip-507-said')).toMatchObject([{ title: 'Better title' }]);
  });

  it.each<[string, (text: string) => Buffer]>([
    ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['Latin-1', (text) => Buffer.from(text, 'latin1')],
  ])('reads %s', async (name, encode) => {
    const guid = `cpb-aacip-507-${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`;
    await video(`${guid}.mp4`);
    expect((await csv(encode(`GUID;Titel;Title\r\n${guid};x;Käse\r\n`))).status).toBe(201);
    expect(await registered(guid)).toMatchObject([{ title: 'Käse' }]);
  });

  it('reads a compressed body', async () => {
    await video('cpb-aacip-507-gzip.mp4');
    const body = gzipSync('GUID\ncpb-aacip-507-gzip\n');
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    expect(resultsOf(await client.send('POST', ROUTE, { body, headers }))).toEqual({ 2: 'added' });
  });

  it('follows a symbolic link inside the media folders but not one that leads outside', async () => {
    const outside = join(dirname(gateway.mediaFolder), 'secret.mp4');
    await writeFile(outside, MP4_HEAD);
    await symlink(outside, join(gateway.mediaFolder, 'cpb-aacip-507-leads-out.mp4'));
    await symlink(await video('tape 7.mp4'), join(gateway.mediaFolder, 'cpb-aacip-507-inside.mp4'));
    const answer = await csv('GUID\ncpb-aacip-507-leads-out\ncpb-aacip-507-inside\n');
    expect(resultsOf(answer)).toEqual({ 2: 'unknown', 3: 'added' });
    expect(answer.bytes.toString()).not.toContain('secret');
  });

  it('measures the durations of added files afterwards', async () => {
    const movie = 'services/demo-apps/media/cpb-aacip-512-sample0002.mp4';
    await copyFile(movie, join(gateway.mediaFolder, 'cpb-aacip-512-timed.mp4'));
    await video('cpb-aacip-512-untimed.mp4');
    const headers = { 'content-type': 'text/csv', 'idempotency-key': 'import-timed' };
    const body = 'GUID\ncpb-aacip-512-untimed\ncpb-aacip-512-timed\n';
    expect((await client.send('POST', ROUTE, { body, headers })).status).toBe(201);
    const durationOf = async (guid: string) => (await registered(guid))[0]?.durationMs;
    expect(await waitFor(() => durationOf('cpb-aacip-512-timed'))).toBe(34_000);
    expect(await durationOf('cpb-aacip-512-untimed')).toBeNull();
  });

  it('is one import when the same key sends it twice', async () => {
    await video('cpb-aacip-507-key1.mp4');
    const headers = { 'content-type': 'text/csv', 'idempotency-key': 'import-once' };
    const body = 'GUID\ncpb-aacip-507-key1\n';
    const first = await client.send('POST', ROUTE, { body, headers });
    const second = await client.send('POST', ROUTE, { body, headers });
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(await client.send('POST', ROUTE, { body: `${body}x\n`, headers })).toMatchObject({ status: 422 });
  });

  it('runs one at a time when several are sent concurrently', async () => {
    const guids = Array.from({ length: 40 }, (_, n) => `cpb-aacip-507-once${n}`);
    await Promise.all(guids.map((guid) => video(`${guid}.mp4`)));
    const orders = [guids, [...guids].reverse(), guids];
    const answers = await Promise.all(orders.map((order) => csv(['GUID', ...order].join('\n'))));
    expect(answers.map((answer) => reportOf(answer).counts.added).sort((a, b) => a - b)).toEqual([0, 0, 40]);
    expect(answers.map((answer) => reportOf(answer).counts.found)).toEqual([40, 40, 40]);
  });
});

describe('an import of another kind', () => {
  it('reads pasted GUIDs', async () => {
    await video('cpb-aacip-507-pasted.mp4');
    const answer = await send(
      ' cpb-aacip/507-pasted\r\n\r\ncpb-aacip-507-nothing,nothing\n',
      'text/plain; charset=utf-8',
    );
    expect(reportOf(answer).lines).toMatchObject([
      { line: 3, guid: 'cpb-aacip-507-nothing', result: 'unknown' },
      { line: 3, guid: 'nothing', result: 'unknown' },
      { line: 1, guid: 'cpb-aacip-507-pasted', result: 'added' },
    ]);
  });

  it('reads a JSON list of GUIDs', async () => {
    await video('cpb-aacip-507-json1.mp4');
    const answer = await client.post(ROUTE, { guids: ['cpb-aacip/507-json1', 'cpb-aacip-507-json2'] });
    expect(answer).toMatchObject({ status: 201, body: { source: 'guids' } });
    expect(resultsOf(answer)).toEqual({ 1: 'added', 2: 'unknown' });
  });

  it('reads a JSON list of files and stores their other fields as metadata', async () => {
    await video('cpb-aacip-507-json3.mp4');
    const files = [{ guid: 'cpb-aacip-507-json3', title: ' News ', year: 1974, color: true, note: null }];
    expect(resultsOf(await client.post(ROUTE, { files }))).toEqual({ 1: 'added' });
    expect(await registered('cpb-aacip-507-json3')).toMatchObject([{ title: 'News' }]);
  });

  it('reads a folder recursively and reports ambiguous files as doubtful', async () => {
    await video('tapes', 'one', 'cpb-aacip-507-folder1.mp4');
    await video('tapes', 'two', 'cpb-aacip-507-folder2.mov');
    await video('tapes', 'two', 'cpb-aacip-507-folder2_02.mov');
    await video('tapes', 'Evening news.mp4');
    await video('tapes', '._cpb-aacip-507-folder3.mp4');
    await writeFile(join(gateway.mediaFolder, 'tapes', 'cpb-aacip-507-folder4.txt'), 'words');
    const answer = await client.post(ROUTE, { folder: join(gateway.mediaFolder, 'tapes') });
    expect(reportOf(answer)).toMatchObject({ source: 'folder', counts: { lines: 3, added: 1, doubtful: 2 } });
    expect(await registered('cpb-aacip-507-folder1')).toHaveLength(1);
    expect(await registered('cpb-aacip-507-folder2')).toEqual([]);
  });
});

describe('the report of an import', () => {
  it('can be read as a whole and line by line', async () => {
    await video('cpb-aacip-507-report1.mp4');
    const report = reportOf(await csv('GUID\ncpb-aacip-507-report1\nnothing-1\nnothing-2\n'));
    expect((await client.get(`/api/imports/${report.import}`)).body).toEqual(report);
    const lines = async (query: string) =>
      (await client.get(`/api/imports/${report.import}/lines?${query}`)).body as Page<ImportLine>;
    const first = await lines('limit=2');
    expect(first.items.map(({ line }) => line)).toEqual([2, 3]);
    expect((await lines(`limit=2&cursor=${first.next}`)).items.map(({ line }) => line)).toEqual([4]);
    expect(await lines('result=unknown')).toMatchObject({ items: [{ line: 3 }, { line: 4 }], next: null });
    expect(await lines('result=doubtful')).toEqual({ items: [], next: null });
  });

  it('is none of an import that there is not', async () => {
    for (const path of ['/api/imports/999999', '/api/imports/999999/lines', '/api/imports/x'])
      expect(await client.get(path)).toMatchObject({ status: 404, body: { type: '/problems/unknown-import' } });
  });
});

describe('an invalid import', () => {
  const workbook = Buffer.from('PK\u0003\u0004\u0014\0\u0006\0', 'latin1');

  it.each<[number, string, string, string | Buffer | object]>([
    [422, 'no-text', 'text/csv', workbook],
    [422, 'no-text', 'text/plain', workbook],
    [422, 'no-guid-column', 'text/csv', 'Year,Title\n1974,News\n'],
    [422, 'unreadable-csv', 'text/csv', 'GUID\n"a\nb\n'],
    [422, 'empty-import', 'text/csv', ''],
    [422, 'empty-import', 'text/csv', 'GUID,Title\r\n,\r\n'],
    [422, 'empty-import', 'text/plain', '\n\n'],
    [415, 'no-import', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', workbook],
    [415, 'no-import', '', 'GUID\na\n'],
    [400, 'unreadable-request', 'application/json', '{"guids": ['],
    [400, 'invalid-request', 'application/json', {}],
    [400, 'invalid-request', 'application/json', { guids: [] }],
    [400, 'invalid-request', 'application/json', { guids: [7] }],
    [400, 'invalid-request', 'application/json', { guids: ['a\0'] }],
    [400, 'invalid-request', 'application/json', { guids: ['a'], files: [{ guid: 'a' }] }],
    [400, 'invalid-request', 'application/json', { files: [{ guid: 'a', note: ['x'] }] }],
    [422, 'media-outside-folders', 'application/json', { folder: '/etc' }],
    [422, 'media-outside-folders', 'application/json', { folder: 'tapes' }],
  ])('returns %i %s: %s %j', async (status, type, contentType, body) => {
    const answer = await send(body, contentType);
    expect(answer).toMatchObject({ status, body: { type: `/problems/${type}`, detail: expect.any(String) } });
  });

  it('is rejected for an invalid folder', async () => {
    const file = await video('cpb-aacip-507-no-folder.mp4');
    expect(await client.post(ROUTE, { folder: file })).toMatchObject({
      status: 422,
      body: { type: '/problems/no-folder' },
    });
    expect(await client.post(ROUTE, { folder: `${file}-gone` })).toMatchObject({
      status: 422,
      body: { type: '/problems/media-missing' },
    });
  });

  it('is rejected for an invalid query', async () => {
    expect(await csv('GUID\na\n', '?dryRun=perhaps')).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'dryRun' }] },
    });
  });

  it('is rejected above 64 MiB, compressed or decompressed', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024 + 1, 'a\n');
    expect(await csv(large)).toMatchObject({ status: 413, body: { type: '/problems/too-large' } });
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    expect(await client.send('POST', ROUTE, { body: gzipSync(large), headers })).toMatchObject({ status: 413 });
    expect(await client.send('POST', ROUTE, { body: 'no gzip', headers })).toMatchObject({ status: 400 });
  });

  it('leaves no temporary file, and neither does a valid one', async () => {
    const marker = `cpb-aacip-${randomUUID()}`;
    await csv(`GUID\n${marker}\n`);
    await csv(`Year\n${marker.slice(4)} \n`);
    // Other test files use the same temporary folder.
    const isOurs = async (name: string) =>
      (await readFile(join(tmpdir(), name), 'utf8').catch(() => '')).includes(marker.slice(4));
    const left = async () => {
      const names = (await readdir(tmpdir())).filter((name) => name.startsWith('chowda-body-'));
      return (await Promise.all(names.map(isOurs))).filter(Boolean).length;
    };
    await waitFor(async () => (await left()) === 0);
    expect(await left()).toBe(0);
  });

  it('is rejected without authentication', async () => {
    expect(await gateway.anonymous.post(ROUTE, { guids: ['a'] })).toMatchObject({ status: 401 });
  });
});
