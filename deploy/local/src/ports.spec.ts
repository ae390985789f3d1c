import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keepPorts } from './ports.js';

describe(keepPorts, () => {
  let file: string;
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'chowda-ports-')), 'ports.json');
  });
  afterEach(() => rm(dirname(file), { recursive: true, force: true }));

  it('returns the same ports at the next start', async () => {
    const first = await keepPorts(file);
    expect(await keepPorts(file)).toEqual(first);
  });

  it('chooses new ports after a power failure emptied its file', async () => {
    await writeFile(file, '');
    expect(await keepPorts(file)).toEqual(JSON.parse(await readFile(file, 'utf8')));
  });

  it('replaces a port in use and keeps the others', async () => {
    const first = await keepPorts(file);
    const otherServer = createServer().listen(first.demoApps + 2, '127.0.0.1');
    await once(otherServer, 'listening');
    const second = await keepPorts(file);
    otherServer.close();
    expect(second.demoApps).not.toBe(first.demoApps);
    expect({ ...second, demoApps: 0 }).toEqual({ ...first, demoApps: 0 });
  });
});
