import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer } from 'node:net';
import { serveHealth } from './health.js';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe(serveHealth, () => {
  let healthy = true;
  let port: number;
  let health: { close(): Promise<void> };
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });

  beforeAll(async () => {
    port = await freePort();
    health = await serveHealth(port, () => healthy);
  });
  afterAll(() => health.close());

  it('answers 200 while the service is well and 503 when it is not', async () => {
    healthy = true;
    const well = await ask('/healthz');
    expect([well.status, await well.json()]).toEqual([200, { healthy: true }]);
    healthy = false;
    const ill = await ask('/healthz');
    expect([ill.status, await ill.json()]).toEqual([503, { healthy: false }]);
  });

  it('does not answer any other path', async () => {
    expect((await ask('/')).status).toBe(404);
  });

  it('does not start on a port that is taken', async () => {
    await expect(serveHealth(port, () => true)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('does not answer after it was closed', async () => {
    const other = await freePort();
    const closed = await serveHealth(other, () => true);
    await closed.close();
    await expect(fetch(`http://127.0.0.1:${other}/healthz`)).rejects.toThrow('fetch failed');
  });
});
