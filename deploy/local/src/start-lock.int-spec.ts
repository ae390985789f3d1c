import { beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder } from '#libs/testing';
import { readPid } from './orphan.js';
import { lockDataFolder } from './start-lock.js';

describe(lockDataFolder, () => {
  let dataFolder: string;
  beforeEach(async () => {
    dataFolder = await testFolder('lock');
  });

  /** A process with the command line of a start. */
  const otherStart = async () => {
    const folder = join(dataFolder, 'deploy', 'local');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'start.cjs'), 'console.log("up"); setInterval(() => undefined, 1000);');
    const child = spawn(process.execPath, [join(folder, 'start.cjs')], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    await writeFile(join(dataFolder, 'chowda.pid'), `${child.pid}\n`);
    return child;
  };

  it('rejects a folder that another start uses, and names its process', async () => {
    const other = await otherStart();
    await expect(lockDataFolder(dataFolder)).rejects.toThrow(
      new RegExp(`already runs on .* \\(process ${other.pid}\\): stop it, or choose another folder with --data`),
    );
    other.kill();
    await once(other, 'exit');
  });

  it('succeeds after a start was killed, and reports the crash', async () => {
    const other = await otherStart();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = await lockDataFolder(dataFolder);
    expect(lock.afterCrash).toBe(true);
    await lock.release();
  });

  it('ignores another program with the recorded process ID', async () => {
    await writeFile(join(dataFolder, 'chowda.pid'), `${process.ppid}\n`);
    const lock = await lockDataFolder(dataFolder);
    expect(await readPid(join(dataFolder, 'chowda.pid'))).toBe(process.pid);
    await lock.release();
  });

  it('reports no crash after a regular stop', async () => {
    await (await lockDataFolder(dataFolder)).release();
    const lock = await lockDataFolder(dataFolder);
    expect(lock.afterCrash).toBe(false);
    await lock.release();
  });
});
