import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { createSession } from '#libs/runtime';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';

const bearer = { authorization: `Bearer ${ACCESS_TOKEN}` };

let notifier: HttpServer;
let sockets: Server;
let gateway: TestGateway;
/** Headers of the connections that the gateway forwarded. */
const arrived: Record<string, unknown>[] = [];
const clients: Socket[] = [];

beforeAll(async () => {
  notifier = createServer();
  sockets = new Server(notifier);
  sockets.on('connection', (socket) => {
    arrived.push(socket.handshake.headers);
    socket.on('echo', (bytes: Buffer, answer: (bytes: Buffer) => void) => answer(bytes));
  });
  notifier.listen(0, '127.0.0.1');
  await once(notifier, 'listening');
  const { port } = notifier.address() as AddressInfo;
  gateway = await TestGateway.start({ LIVE_URL: `http://127.0.0.1:${port}` });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(async () => {
  await gateway.close();
  await sockets.close();
});

function connect(transport: 'websocket' | 'polling', headers: Record<string, string>): Socket {
  const client = io(gateway.client.url, { transports: [transport], extraHeaders: headers, reconnection: false });
  clients.push(client);
  return client;
}
const outcome = (client: Socket) =>
  new Promise<string>((resolve) => {
    client.once('connect', () => resolve('connected'));
    client.once('connect_error', () => resolve('refused'));
  });

describe('the proxy to the notifier', () => {
  it.each(['websocket', 'polling'] as const)('forwards messages in both directions over %s', async (transport) => {
    const client = connect(transport, bearer);
    expect(await outcome(client)).toBe('connected');
    const bytes = Buffer.from([0, 1, 255]);
    expect(await client.emitWithAck('echo', bytes)).toEqual(bytes);
  });

  it('forwards actor, client address and host to the notifier', async () => {
    const cookie = `chowda_session=${createSession(ACCESS_TOKEN, Date.now())}`;
    const origin = gateway.client.url;
    expect(await outcome(connect('websocket', { cookie, origin }))).toBe('connected');
    expect(arrived.at(-1)).toMatchObject({ cookie, origin, host: new URL(origin).host });
  });

  it.each(['websocket', 'polling'] as const)('rejects unauthenticated clients over %s', async (transport) => {
    const before = arrived.length;
    expect(await outcome(connect(transport, {}))).toBe('refused');
    expect(await outcome(connect(transport, { authorization: 'Bearer wrong' }))).toBe('refused');
    expect(arrived).toHaveLength(before);
  });

  it.each<[string, number, string, string, Record<string, string>]>([
    ['without authentication', 401, 'not-signed-in', '/socket.io/', { authorization: '' }],
    ['of another site', 403, 'foreign-origin', '/socket.io/', { origin: 'http://evil.example.org' }],
    ['under a foreign host name', 421, 'foreign-host', '/socket.io/', { host: 'evil.example.org' }],
    ['at another path', 404, 'unknown-route', '/api/batches', {}],
    ['at a similar path', 404, 'unknown-route', '/socket.iox/', {}],
    ['of another protocol', 404, 'unknown-route', '/socket.io/', { upgrade: 'h2c' }],
  ])('rejects a WebSocket %s', async (_, status, type, path, headers) => {
    const answer = await gateway.client.upgrade(`${path}?EIO=4&transport=websocket`, headers);
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: `/problems/${type}`, status, requestId: expect.any(String) },
    });
  });

  it('accepts WebSockets from its own pages', async () => {
    const answer = await gateway.client.upgrade('/socket.io/?EIO=4&transport=websocket', {
      origin: gateway.client.url,
    });
    expect(answer.status).toBe(101);
  });

  it('reports unavailable live status while the notifier is down and continues to serve batches', async () => {
    const alone = await TestGateway.start({ LIVE_URL: 'http://127.0.0.1:9' });
    const path = '/socket.io/?EIO=4&transport=';
    const away = { status: 502, body: { type: '/problems/live-away', requestId: expect.any(String) } };
    expect(await alone.client.get(`${path}polling`)).toMatchObject(away);
    expect(await alone.client.upgrade(`${path}websocket`)).toMatchObject(away);
    expect((await alone.client.get('/api/batches')).status).toBe(200);
    await alone.close();
  });
});
