import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testFolder } from '#libs/testing';
import { type RunningNats, startNats } from './nats.js';
import { isAlive } from './orphan.js';

describe(startNats, () => {
  let dataFolder: string;
  let program: { path: string; version: string };
  const servers: RunningNats[] = [];
  const start = async (options: { port?: number; onNotice?: (sentence: string) => void } = {}) => {
    const server = await startNats({ program, dataFolder, ...options });
    servers.push(server);
    return server;
  };
  beforeEach(async () => {
    const path = process.env['NATS_SERVER']!;
    program = { path, version: (await promisify(execFile)(path, ['--version'])).stdout };
    dataFolder = await testFolder('nats-spec');
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('starts a process that ends when it is stopped', async () => {
    const server = await start();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('stops a server that an earlier start left on the folder, and reports it', async () => {
    const left = await start();
    const notices: string[] = [];
    const server = await start({ port: left.port, onNotice: (sentence) => notices.push(sentence) });
    expect([isAlive(left.pid), isAlive(server.pid)]).toEqual([false, true]);
    expect(notices).toEqual(['Stopped the nats-server that an earlier start left running.']);
  });

  it('rejects a folder that a newer server wrote', async () => {
    await writeFile(join(dataFolder, 'written-by'), '99.0.0\n');
    await expect(start()).rejects.toThrow(/written by nats-server 99\.0\.0/);
  });

  it('accepts a folder that an older server wrote, and records its own version', async () => {
    await writeFile(join(dataFolder, 'written-by'), '2.9.10\n');
    await (await start()).stop();
    program = { ...program, version: '2.9.10' };
    await expect(start()).rejects.toThrow(/is older and could damage it/);
  });

  it('does not start on a port that is in use', async () => {
    const { port } = await start();
    const other = await testFolder('nats-spec');
    await expect(startNats({ program, dataFolder: other, port })).rejects.toThrow(/^Port \d+ is in use/);
  });
});
