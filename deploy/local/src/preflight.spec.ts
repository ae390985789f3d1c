import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from './free-port.js';
import { checkDiskSpace, checkWebPort } from './preflight.js';

describe(checkDiskSpace, () => {
  it('throws with the remedy if the disk is too full', async () => {
    await expect(checkDiskSpace(tmpdir(), Number.MAX_SAFE_INTEGER)).rejects.toThrow(
      /^The disk of .* has only [\d.]+ GiB free, .* free some space, or choose a folder on another disk with --data\.$/,
    );
  });

  it('accepts a disk with enough free space', async () => {
    await expect(checkDiskSpace(tmpdir(), 1)).resolves.toBeUndefined();
  });
});

describe(checkWebPort, () => {
  it('throws if the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(checkWebPort(port, false)).rejects.toThrow(`Port ${port} is in use: `);
    server.close();
  });

  it('waits for a port that a killed start still uses', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const check = checkWebPort((server.address() as AddressInfo).port, true);
    server.close();
    await expect(check).resolves.toBeUndefined();
  });

  it('accepts a free port', async () => {
    await expect(checkWebPort(await freePort(), false)).resolves.toBeUndefined();
  });
});
