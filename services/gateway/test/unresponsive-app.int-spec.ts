import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { OpenTransactions } from '#libs/database';
import { startScriptedApp, waitFor } from '#libs/testing';
import { TestGateway } from './test-gateway.js';

const SLOW = 60_000;
const REGISTRATIONS = 10;

let gateway: TestGateway;
/** Accepts connections and never answers. */
let unresponsive: Server;
const sockets: Socket[] = [];

beforeAll(async () => {
  gateway = await TestGateway.start();
  unresponsive = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  unresponsive.listen(0, '127.0.0.1');
  await once(unresponsive, 'listening');
});

afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  unresponsive.close();
  await gateway.close();
});

const keyed = () => ({ 'idempotency-key': randomUUID() });

describe('registering an app that accepts connections and never answers', () => {
  it(
    'ten times with keys leaves the database to other requests',
    async () => {
      const url = `http://127.0.0.1:${(unresponsive.address() as AddressInfo).port}`;
      let answered = 0;
      const registrations = Array.from({ length: REGISTRATIONS }, () =>
        gateway.client.post('/api/apps', { url }, keyed()).then((answer) => {
          answered += 1;
          return answer;
        }),
      );
      await waitFor(() => sockets.length >= REGISTRATIONS, { within: SLOW, what: 'All fetches' });
      expect(await gateway.client.get('/api/batches')).toMatchObject({ status: 200 });
      expect(await gateway.anonymous.get('/healthz')).toMatchObject({ status: 200 });
      expect(answered).toBe(0);

      sockets.forEach((socket) => socket.destroy());
      const statuses = (await Promise.all(registrations)).map(({ status, body }) => [status, body]);
      expect(statuses[0]).toMatchObject([422, { type: '/problems/no-app' }]);
    },
    SLOW,
  );
});

describe('a registration with a key', () => {
  it('is carried out once and fetches the metadata once', async () => {
    let fetches = 0;
    const app = await startScriptedApp({ name: 'fetched', metadata: () => ({ fetches: String((fetches += 1)) }) });
    const headers = keyed();
    const answers = [
      await gateway.client.post('/api/apps', { url: app.url }, headers),
      await gateway.client.post('/api/apps', { url: app.url }, headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(fetches).toBe(1);
    const refreshed = await gateway.client.post(`/api/apps/fetched_v1/refresh`, {}, keyed());
    expect(refreshed.status).toBe(200);
    expect(fetches).toBe(2);
    await app.close();
  });
});

describe('OpenTransactions', () => {
  it('refuses work on another system in a transaction, and allows it outside', async () => {
    const transactions = gateway.app.get(OpenTransactions, { strict: false });
    expect(() => transactions.refuse('wait')).not.toThrow();
    await expect(inTransaction(() => transactions.refuse('wait'))).rejects.toThrow(
      'The service must not wait in a transaction.',
    );
  });
});

async function inTransaction(work: () => void): Promise<void> {
  const { CommandKeysRepository } = await import('#libs/database');
  const keys = gateway.app.get(CommandKeysRepository, { strict: false });
  await keys.once({ actor: 'test', key: randomUUID(), digest: 'd' }, () => {
    work();
    return Promise.resolve({ status: 200, body: null });
  });
}
