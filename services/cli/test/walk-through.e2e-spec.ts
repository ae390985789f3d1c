import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type Stack, startStack } from '#deploy/local';
import { type BatchView, type Manifest, manifestSchema, type RunRow } from '#libs/contracts';
import { createTestDatabase, startTestNats, testFolder } from '#libs/testing';
import { unzip } from '../../gateway/test/unzip.js';
import { type Ended, shellIn } from './shell.js';

const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);

const SAMPLES = 'services/demo-apps/media';
/** The tapes of the spreadsheet, which are copies of the samples. */
const TAPES = [
  { guid: 'cpb-aacip-507-aa00000001', sample: 'cpb-aacip-507-sample0001.mp4' },
  { guid: 'cpb-aacip-512-bb00000002', sample: 'cpb-aacip-512-sample0002.mp4' },
  { guid: 'cpb-aacip-507-cc00000003', sample: 'cpb-aacip-507-sample0003.mp4' },
] as const;
const LAST = TAPES[2].guid;
/** GUIDs in different spellings; two tapes are not in the archive, and one is listed twice. */
const SPREADSHEET = `sep=;
Title;AAPB ID;Station
Evening report;cpb-aacip/507-aa00000001;WGBH
Meadow notes;cpb-aacip_512-bb00000002;WGBH
Arts calendar;cpb-aacip-507-cc00000003.mp4;KQED
Lost;cpb-aacip-507-dd00000004;
Lost too;cpb-aacip-507-ee00000005;
Evening report again;cpb-aacip-507-aa00000001;
`;

let stack: Stack;
let folder: string;
let mediaFolder: string;
let chowda: (...args: readonly string[]) => Promise<Ended>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const [nats, database] = await Promise.all([startTestNats(), createTestDatabase()]);
  closing.push(nats.stop, database.drop);
  const dataFolder = await testFolder('walk-through');
  folder = await testFolder('desk');
  stack = await startStack({
    dataFolder,
    httpPort: await freePort(),
    natsUrl: nats.url,
    databaseUrl: database.url,
    environment: { PATH: process.env['PATH'], LOG_LEVEL: 'warn' },
    onEvent: () => undefined,
  });
  mediaFolder = join(dataFolder, 'media');
  for (const { guid, sample } of TAPES) await copyFile(join(SAMPLES, sample), join(mediaFolder, `${guid}.mp4`));
  chowda = shellIn(folder, dataFolder);
});
afterAll(async () => {
  await stack?.stop();
  await Promise.all(closing.map((close) => close()));
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const ok = (out: RegExp) => ({ code: 0, out: expect.stringMatching(out), err: '' });

/** The manifest of a zip file, after its file names, sizes and checksums were compared with the zip file. */
async function verifiedManifest(zip: string): Promise<Manifest> {
  const files = await unzip(await readFile(join(folder, zip)));
  const manifest = manifestSchema.parse(JSON.parse(files.get('manifest.json')!.toString()));
  const named = manifest.files.filter(({ file }) => file !== null);
  for (const { file, bytes, sha256: digest } of named) {
    const content = files.get(file!)!;
    expect([file, content.byteLength, sha256(content)]).toEqual([file, bytes, digest]);
  }
  expect(new Set(files.keys())).toEqual(new Set([...named.map(({ file }) => file), 'manifest.csv', 'manifest.json']));
  return manifest;
}

describe('the command line', () => {
  it('leads from a spreadsheet to a zip file', async () => {
    await writeFile(join(folder, 'tapes.csv'), SPREADSHEET);
    const dry = await chowda('media', 'import', 'tapes.csv', '--dry-run');
    expect(dry).toMatchObject({ code: 1, out: expect.stringContaining('nothing was changed') });
    expect((await chowda('media', 'list')).out).toBe('No media files.\n');

    const imported = await chowda('media', 'import', 'tapes.csv');
    expect(imported.code).toBe(1);
    expect(imported.out).toMatch(/^6 lines: 3 added, 0 already there, 2 unknown, 1 duplicate\.$/m);
    expect(imported.out).toMatch(/^6 .*cpb-aacip-507-dd00000004 +unknown/m);
    expect(imported.out).toMatch(/^8 .*cpb-aacip-507-aa00000001 +duplicate/m);
    expect((await chowda('media', 'show', TAPES[0].guid)).out).toMatch(/^Station +WGBH$/m);

    expect(await chowda('collections', 'create', 'Evening news', '--import', '1')).toEqual(ok(/has 3 files/));
    for (const url of stack.demoApps) expect(await chowda('apps', 'add', url)).toEqual(ok(/is registered as/));
    await writeFile(
      join(folder, 'text.yaml'),
      'name: Text\nstages:\n  - app: chowda-shots_v1-0\n  - app: chowda-text_v1-0\n',
    );
    expect(await chowda('pipelines', 'create', 'text.yaml', '--check')).toEqual(ok(/can be saved/));
    expect(await chowda('pipelines', 'create', 'text.yaml')).toEqual(ok(/saved as version 1/));

    const made = await chowda(
      'batches',
      'create',
      'News',
      '--pipeline',
      'Text',
      '--collection',
      'Evening news',
      '--json',
    );
    const id = String((JSON.parse(made.out) as BatchView).id);

    expect(await chowda('batches', 'estimate', id)).toEqual(ok(/3 files/));
    expect(await chowda('batches', 'start', id, '--trial', '1')).toEqual(ok(/started/));
    expect(await chowda('batches', 'watch', id)).toEqual(ok(/trial of 1 finished, 1 done/));

    // The file disappears before its run starts.
    await rename(join(mediaFolder, `${LAST}.mp4`), join(folder, 'away.mp4'));
    expect((await chowda('batches', 'start', id)).code).toBe(0);
    expect(await chowda('batches', 'watch', id)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/finished, 2 done, 1 failed\n$/),
    });
    const errors = await chowda('errors', id);
    expect(errors).toEqual(ok(/^1 file failed at stage 0/));
    expect(errors.out).toContain(LAST);
    const failed = await chowda('runs', 'list', id, '--state', 'failed', '--json');
    const run = JSON.parse(failed.out) as RunRow;
    expect(run.guid).toBe(LAST);
    expect(await chowda('explain', 'run', String(run.id))).toEqual(ok(/is failed/));

    expect((await chowda('batches', 'download', id, '--output', 'before.zip')).code).toBe(0);
    expect((await verifiedManifest('before.zip')).counts).toEqual({ files: 2, missing: 1 });

    await rename(join(folder, 'away.mp4'), join(mediaFolder, `${LAST}.mp4`));
    expect(await chowda('batches', 'retry', id, '--dry-run')).toEqual(ok(/1 run/));
    expect((await chowda('runs', 'list', id, '--state', 'failed', '--json')).out).not.toBe('');
    expect((await chowda('batches', 'retry', id)).code).toBe(0);
    expect(await chowda('batches', 'watch', id)).toEqual(ok(/finished, 3 done\n$/));

    expect((await chowda('batches', 'download', id, '--formats', 'mmif,txt')).code).toBe(0);
    const [zip] = (await readdir(folder)).filter((name) => name.endsWith('.zip') && name !== 'before.zip');
    const manifest = await verifiedManifest(zip!);
    const mmif = manifest.files.filter(({ format }) => format === 'mmif');
    expect(mmif.map(({ guid, missing }) => [guid, missing])).toEqual(TAPES.map(({ guid }) => [guid, null]));
    expect((await chowda('batches', 'download', id)).code).toBe(2);
  });
});
