import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer } from 'node:net';
import { serveHealth } from './health.js';

/** A port that is currently free. */
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
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });

  beforeAll(async () => {
    port = await freePort();
    health = await serveHealth(port, () => healthy);
  });
  afterAll(() => health.close());

  it('answers 200 while the service is healthy and 503 otherwise', async () => {
    healthy = true;
    const good = await get('/healthz');
    expect([good.status, await good.json()]).toEqual([200, { healthy: true }]);
    healthy = false;
    const bad = await get('/healthz');
    expect([bad.status, await bad.json()]).toEqual([503, { healthy: false }]);
  });

  it('answers the liveness probe with 200 whether it is healthy or not', async () => {
    healthy = false;
    const answer = await get('/livez');
    expect([answer.status, await answer.json()]).toEqual([200, { live: true }]);
  });

  it('answers other paths with 404', async () => {
    expect((await get('/')).status).toBe(404);
  });

  it('does not start on an occupied port', async () => {
    await expect(serveHealth(port, () => true)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('does not answer after it was closed', async () => {
    const other = await freePort();
    const closed = await serveHealth(other, () => true);
    await closed.close();
    await expect(fetch(`http://127.0.0.1:${other}/healthz`)).rejects.toThrow('fetch failed');
  });
});
