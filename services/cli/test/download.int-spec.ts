import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder } from '#libs/testing';
import { callerOf } from './call.js';
import { brokenAfter, problem, type Reply, type ScriptedServer, startScriptedServer } from './scripted-server.js';

const ZIP = 'PK and so on';
const NAME = { 'content-disposition': 'attachment; filename="evening-news.zip"' };
const whole: Reply = (response) => void response.writeHead(200, NAME).end(ZIP);
const half = brokenAfter('PK and', NAME);

let folder: string;
let server: ScriptedServer | undefined;
beforeEach(async () => {
  folder = await testFolder('download');
});
afterEach(() => server?.close());

async function scripted(replies: Reply[]) {
  server = await startScriptedServer(replies);
  const chowda = callerOf(server.url, 'token');
  const into = (file: string, ...more: string[]) => [
    'batches',
    'download',
    '12',
    '--output',
    join(folder, file),
    ...more,
  ];
  return { chowda, into, arrived: server.arrived };
}
const contents = (file: string) => readFile(join(folder, file), 'utf8');

describe('chowda batches download', () => {
  it('saves a zip file and prints its path', async () => {
    const { chowda, into, arrived } = await scripted([whole]);
    const called = await chowda(into('news.zip', '--formats', 'mmif,vtt', '--stages', 'all'));
    expect(called).toEqual({ exitCode: 0, out: `${join(folder, 'news.zip')} (12 B)\n`, err: '' });
    expect(await contents('news.zip')).toBe(ZIP);
    expect(arrived[0]!.path).toBe('/api/batches/12/export?formats=mmif%2Cvtt&stages=all');
  });

  it('starts over if the connection breaks', async () => {
    const { chowda, into } = await scripted([half, half, whole]);
    const called = await chowda(into('news.zip'));
    expect(called.exitCode).toBe(0);
    expect(called.err).toMatch(
      /^(chowda: The download of .*news\.zip was interrupted after \d+ B; starting over \.\.\.\n){2}$/,
    );
    expect(await contents('news.zip')).toBe(ZIP);
    expect(await readdir(folder)).toEqual(['news.zip']);
  });

  it('leaves no incomplete file when it gives up', async () => {
    const { chowda, into } = await scripted([half, problem(409, 'No file is done yet.')]);
    expect(await chowda(into('news.zip'))).toEqual({
      exitCode: 1,
      out: '',
      err: expect.stringMatching(/was interrupted after .*\nchowda: No file is done yet\.\n$/),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('reports repeated interruptions, and keeps the existing file', async () => {
    await writeFile(join(folder, 'news.zip'), 'from yesterday');
    const { chowda, into, arrived } = await scripted(Array.from({ length: 6 }, () => half));
    expect(await chowda(into('news.zip', '--force'))).toMatchObject({
      exitCode: 3,
      err: expect.stringMatching(/was interrupted 6 times; nothing was saved\. Run the same command again\.\n$/),
    });
    expect([await contents('news.zip'), await readdir(folder), arrived.length]).toEqual([
      'from yesterday',
      ['news.zip'],
      6,
    ]);
  }, 30_000);

  it('is independent of another download of the same file', async () => {
    const { chowda, into } = await scripted([whole, whole]);
    await writeFile(join(folder, 'news.zip.part'), 'of another program');
    const both = await Promise.all([chowda(into('news.zip', '--force')), chowda(into('news.zip', '--force'))]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect([await contents('news.zip'), await readdir(folder)]).toEqual([ZIP, ['news.zip', 'news.zip.part']]);
  });

  it('leaves no file after Ctrl-C', async () => {
    const interrupt = new AbortController();
    const endless: Reply = (response) => {
      response.writeHead(200, NAME).write(ZIP);
      setImmediate(() => interrupt.abort());
    };
    const { chowda, into } = await scripted([endless]);
    const called = await chowda(into('news.zip'), { signal: interrupt.signal });
    expect(called).toEqual({ exitCode: 130, out: '', err: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not replace a file without --force', async () => {
    await writeFile(join(folder, 'news.zip'), 'mine');
    const { chowda, into, arrived } = await scripted([whole]);
    const refused = await chowda(into('news.zip'));
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringContaining('replace it with --force') });
    expect([await contents('news.zip'), arrived.length]).toEqual(['mine', 0]);
    expect((await chowda(into('news.zip', '--force'))).exitCode).toBe(0);
    expect(await contents('news.zip')).toBe(ZIP);
  });

  it('reports a file that cannot be written', async () => {
    const { chowda, into } = await scripted([whole]);
    const called = await chowda(into('missing/news.zip'));
    expect(called).toMatchObject({ exitCode: 1, err: expect.stringMatching(/cannot be written .*--output/) });
  });

  it('writes to a pipe', async () => {
    const { chowda } = await scripted([whole]);
    expect(await chowda(['batches', 'download', '12', '-o', '-'])).toEqual({ exitCode: 0, out: ZIP, err: '' });
  });

  it('reports an interrupted download to a pipe', async () => {
    const { chowda } = await scripted([half]);
    const called = await chowda(['runs', 'download', '7', '-o', '-']);
    expect(called).toMatchObject({ exitCode: 3, err: expect.stringContaining('was interrupted') });
  });
});
