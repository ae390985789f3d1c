import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport, MediaFileRow } from '#libs/contracts';
import { testFolder } from '#libs/testing';
import { ACCESS_TOKEN, MP4_HEAD, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

let gateway: TestGateway;
let folder: string;
let chowda: ReturnType<typeof callerOf>;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
  folder = await testFolder('lists');
  for (const name of ['cpb-aacip-507-aa', 'cpb-aacip-507-bb', 'cpb-aacip-507-cc'])
    await writeFile(join(gateway.mediaFolder, `${name}.mp4`), MP4_HEAD);
});
afterAll(() => gateway.close());

const listFile = async (name: string, text: string | Buffer): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

describe('chowda media import', () => {
  it('only reports, in a dry run', async () => {
    const file = await listFile('dry.csv', 'GUID,Title\ncpb-aacip/507-aa,News\n');
    const { exitCode, out } = await chowda(['media', 'import', file, '--dry-run']);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: '1 line: 1 to add, 0 already there, 0 unknown.\nDry run: nothing was changed.\n',
    });
    expect((await chowda(['media', 'list'])).out).toBe('No media files.\n');
  });

  it('imports the files it finds, reports lines that need attention, and then exits with 1', async () => {
    const file = await listFile(
      'tapes.csv',
      'GUID;Title\ncpb-aacip/507-aa;News\ncpb-aacip/507-lost;\ncpb-aacip_507-aa;\n',
    );
    const { exitCode, out } = await chowda(['media', 'import', file]);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^3 lines: 1 added, 0 already there, 1 unknown, 1 duplicate\.\nLine +Input +Result +Reason\n/);
    expect(out).toMatch(/^3 +cpb-aacip\/507-lost +unknown +\w/m);
    expect(out).toMatch(/^Import ID: \d+$/m);
  });

  it.each<[string, string, string | Buffer]>([
    ['a list of GUIDs', 'list.txt', 'cpb-aacip-507-aa\ncpb-aacip-507-bb\n'],
    ['a JSON array', 'list.json', '["cpb-aacip-507-aa", "cpb-aacip-507-bb"]'],
    ['a JSON array of files', 'files.json', '[{"guid": "cpb-aacip-507-aa"}, {"guid": "cpb-aacip-507-bb"}]'],
    [
      'UTF-16 text from Excel',
      'excel.txt',
      Buffer.from('\ufeffGUID\tTitle\r\ncpb-aacip-507-aa\t\r\ncpb-aacip-507-bb\t\r\n', 'utf16le'),
    ],
  ])('reads %s', async (_, name, text) => {
    const { exitCode, out } = await chowda(['media', 'import', await listFile(name, text), '--json']);
    expect([exitCode, (JSON.parse(out) as ImportReport).counts.found]).toEqual([0, 2]);
  });

  it('reads standard input, single GUIDs and a folder', async () => {
    expect((await chowda(['media', 'import', '-'], { stdin: 'cpb-aacip-507-aa' })).out).toMatch(/1 already there/);
    expect((await chowda(['media', 'import', '--guids', 'cpb-aacip-507-aa'])).out).toMatch(/1 already there/);
    expect((await chowda(['media', 'import', '--folder', gateway.mediaFolder])).out).toMatch(/^3 lines: 1 added, 2 /);
  });

  it.each([[[]], [['x.csv', '--guids', 'a']], [['missing.csv']]])('rejects the arguments %j', async (args) => {
    expect((await chowda(['media', 'import', ...args])).exitCode).toBe(2);
  });

  it('does not send a file that is not a list', async () => {
    for (const [name, text] of [
      ['broken.json', '{'],
      ['number.json', '7'],
    ] as const)
      expect(await chowda(['media', 'import', await listFile(name, text)])).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining(name),
      });
  });

  it('lists the lines of an earlier import', async () => {
    const { out } = await chowda(['media', 'report', '1', '--result', 'unknown', '--json']);
    expect(JSON.parse(out)).toMatchObject({ given: 'cpb-aacip/507-lost', result: 'unknown' });
  });
});

describe('chowda media', () => {
  it('finds a media file by its title', async () => {
    const { out } = await chowda(['media', 'list', '--query', 'news', '--json']);
    expect((JSON.parse(out) as MediaFileRow).guid).toBe('cpb-aacip-507-aa');
    expect((await chowda(['media', 'list', '--query', 'nothing of it'])).out).toBe('No media files.\n');
  });

  it('shows the properties of a media file', async () => {
    const { out } = await chowda(['media', 'show', 'cpb-aacip-507-aa']);
    expect(out).toMatch(/^Title +News$/m);
    expect(out).toMatch(/^Never processed\.$/m);
    expect((await chowda(['media', 'show', 'cpb-lost'])).exitCode).toBe(1);
  });

  it('prints a link for players, which need no token', async () => {
    const { out } = await chowda(['media', 'link', 'cpb-aacip-507-aa']);
    expect(out).toMatch(new RegExp(`^${gateway.client.url}/`));
    const played = await gateway.anonymous.get(new URL(out).pathname);
    expect([played.status, played.bytes.equals(MP4_HEAD)]).toEqual([200, true]);
  });
});
