import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder } from '#libs/testing';
import { ACCESS_TOKEN, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

const GUIDS = ['cpb-aacip-507-a', 'cpb-aacip-507-b', 'cpb-aacip-507-c'];

let gateway: TestGateway;
let chowda: ReturnType<typeof callerOf>;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
  await gateway.mediaFiles(GUIDS);
});
afterAll(() => gateway.close());

const membersOf = async (name: string) =>
  (await chowda(['collections', 'show', name, '--files'])).out
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split('\t')[0]);

describe('chowda collections', () => {
  it('creates a collection from GUIDs, and exits with 1 if some are unknown', async () => {
    const { exitCode, out } = await chowda(['collections', 'create', 'News', '--files', GUIDS[0]!, 'cpb-lost']);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^Collection "News" \(ID \d+\) has 1 file\.\nNot in the archive, ignored: cpb-lost\.\n$/);
  });

  it('creates a collection from a list, from a search, and an empty one', async () => {
    const list = join(await testFolder('guids'), 'guids.txt');
    await writeFile(list, `${GUIDS[1]}\r\n${GUIDS[2]}\r\n`);
    expect((await chowda(['collections', 'create', 'Listed', '--list', list])).out).toContain('has 2 files');
    expect((await chowda(['collections', 'create', 'Found', '--status', 'never'])).out).toContain('has 3 files');
    expect((await chowda(['collections', 'create', 'Empty'])).out).toContain('has 0 files');
    const piped = await chowda(['collections', 'create', 'Piped', '--list', '-'], { stdin: GUIDS.join(',') });
    expect(piped.out).toContain('has 3 files');
  });

  it('adds and removes files, by name or ID of the collection', async () => {
    expect((await chowda(['collections', 'add', 'News', '--files', ...GUIDS])).out).toBe(
      '2 added. "News" has 3 files.\n',
    );
    const { out } = await chowda(['collections', 'list', '--json']);
    const { id } = JSON.parse(out.split('\n').find((line) => line.includes('"News"'))!) as { id: number };
    expect((await chowda(['collections', 'remove', String(id), '--files', GUIDS[0]!])).out).toBe(
      '1 removed. "News" has 2 files.\n',
    );
    expect(await membersOf('News')).toEqual(GUIDS.slice(1));
    expect((await chowda(['collections', 'add', 'News'])).exitCode).toBe(2);
  });

  it('deletes a collection without its files', async () => {
    expect((await chowda(['collections', 'delete', 'Found'])).exitCode).toBe(0);
    expect(await chowda(['collections', 'show', 'Found'])).toMatchObject({
      exitCode: 1,
      err: 'chowda: There is no collection "Found". "chowda collections list" shows all collections.\n',
    });
    expect((await chowda(['media', 'list', '--json'])).out.trim().split('\n')).toHaveLength(GUIDS.length);
  });
});
