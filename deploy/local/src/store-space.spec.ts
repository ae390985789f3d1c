import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeSpaceGib } from './store-space.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'space-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe(storeSpaceGib, () => {
  it('is half of the free disk space plus what the folder contains', async () => {
    const { bavail, bsize } = await statfs(folder);
    const free = (bavail * bsize) / 1024 ** 3;
    expect(Math.abs((await storeSpaceGib(folder)) - free / 2)).toBeLessThan(1);
    await mkdir(join(folder, 'store'));
    await writeFile(join(folder, 'store', 'block'), Buffer.alloc(1000));
    expect(await storeSpaceGib(folder)).toBeGreaterThan(0);
  });
});
