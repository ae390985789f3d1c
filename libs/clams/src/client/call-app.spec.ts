import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { callApp, CALL_ID_HEADER } from './call-app.js';
import { fetchAppMetadata } from './fetch-app-metadata.js';
import { appAgent } from './http-agent.js';

const document = new TextEncoder().encode('{"views": [1.0]}');
const LONG = Buffer.from('long '.repeat(400_000));
const HALF_AN_ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"half"';

/** A server in its own thread that closes its connections on a message, and then sets `workerData[0]` to 1. */
const CLOSES_CONNECTIONS = `
  const { parentPort, workerData } = require('node:worker_threads');
  const sockets = new Set();
  const server = require('node:http').createServer((request, response) => response.end('{}'));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', async () => {
    await Promise.all([...sockets].map((socket) => new Promise((closed) => socket.destroy().once('close', closed))));
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });
`;

/** Behaviour of the test server, by path. */
const BEHAVIOURS: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
  '/echo': async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const seen = {
      method: request.method,
      url: request.url,
      call: request.headers[CALL_ID_HEADER],
      body: body.toString(),
    };
    response.setHeader('content-type', 'Application/JSON; charset=utf-8').end(JSON.stringify(seen));
  },
  '/long': (_, response) => void response.end(LONG),
  '/pieces': (_, response) => {
    response.write(LONG.subarray(0, 70_000));
    response.end(LONG.subarray(70_000));
  },
  '/gzip': (_, response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync('{"packed":true}')),
  '/busy': (_, response) => void response.writeHead(429, { 'retry-after': '7' }).end('later'),
  '/next-year': (_, response) => void response.writeHead(503, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }).end(),
  '/huge': (_, response) => void response.writeHead(503, { 'retry-after': '9'.repeat(400) }).end(),
  '/close': (_, response) => void response.destroy(),
  '/half': (_, response) => void response.socket?.end(HALF_AN_ANSWER),
  '/hang': () => undefined,
  '/large': (_, response) => void response.end('x'.repeat(2 * 1024 * 1024)),
  '/page': (_, response) => void response.end('<html></html>'),
  '/gone': (_, response) => void response.writeHead(404).end(),
  '/latin': (_, response) => void response.end(Buffer.from([0x7b, 0xe4, 0x7d])),
};

describe('the client', () => {
  let server: Server;
  let url = '';
  let unused = '';
  let requests = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      BEHAVIOURS[new URL(request.url!, 'http://app').pathname.replace(/(?!^)\/$/, '')]!(request, response);
    });
    url = await listening(server);
    const other = createTcpServer();
    unused = await listening(other);
    await new Promise((resolve) => other.close(resolve));
  });
  afterAll(async () => {
    await appAgent.close();
    server.close();
  });

  const call = (path: string, change: Partial<Parameters<typeof callApp>[0]> = {}) =>
    callApp({
      url: `${url}${path}`,
      document,
      parameters: { label: 'a b' },
      declaredTypes: { label: 'string' },
      mmifVersion: null,
      deadlineMs: 30_000,
      signal: new AbortController().signal,
      callId: 'call-1',
      ...change,
    });
  const textOf = (reply: Awaited<ReturnType<typeof call>>) =>
    reply.kind === 'answer' ? new TextDecoder().decode(reply.body) : reply;

  it('posts the bytes of the document and the parameters that were set', async () => {
    const reply = await call('/echo');
    expect(reply).toMatchObject({ kind: 'answer', status: 200, contentType: 'application/json', retryAfter: null });
    expect(JSON.parse(String(textOf(reply)))).toEqual({
      method: 'POST',
      url: '/echo/?label=a+b',
      call: 'call-1',
      body: '{"views": [1.0]}',
    });
  });

  it('reads a long answer with or without a Content-Length', async () => {
    expect(textOf(await call('/long'))).toBe(LONG.toString());
    expect(textOf(await call('/pieces'))).toBe(LONG.toString());
  });

  it('decompresses an answer in gzip', async () => {
    expect(textOf(await call('/gzip'))).toBe('{"packed":true}');
  });

  it('reads Retry-After from a busy app', async () => {
    expect(await call('/busy')).toMatchObject({ status: 429, retryAfter: 7 });
  });

  it('reads at most an hour from Retry-After', async () => {
    expect(await call('/next-year')).toMatchObject({ status: 503, retryAfter: 3600 });
    expect(await call('/huge')).toMatchObject({ status: 503, retryAfter: 3600 });
  });

  it.each([
    ['/close', 'before-answer'],
    ['/half', 'during-answer'],
  ])('reports when the connection was closed: %s, %s', async (path, phase) => {
    expect(await call(path)).toMatchObject({ kind: 'no-connection', phase });
  });

  it('reports a refused connection and an unknown host', async () => {
    expect(await call('', { url: unused })).toMatchObject({ phase: 'connect', code: 'ECONNREFUSED' });
    expect(await call('', { url: 'http://nowhere.invalid' })).toMatchObject({
      kind: 'no-connection',
      phase: 'connect',
    });
  });

  it('reports a failed TLS handshake as a connection that was not established', async () => {
    expect(await call('', { url: url.replace('http:', 'https:') })).toMatchObject({
      kind: 'no-connection',
      phase: 'connect',
    });
  });

  it('ends a call at its deadline', async () => {
    expect(await call('/hang', { deadlineMs: 50 })).toEqual({ kind: 'timeout', deadlineMs: 50 });
  });

  it('rejects only with the reason of the signal', async () => {
    const stop = new AbortController();
    const calling = call('/hang', { signal: stop.signal });
    stop.abort(new Error('worker stops'));
    await expect(calling).rejects.toThrow('worker stops');
    await expect(call('/echo', { signal: stop.signal })).rejects.toThrow('worker stops');
  });

  it('does not use a connection that the app closed while this process was busy', async () => {
    const closed = new Int32Array(new SharedArrayBuffer(4));
    const app = new Worker(CLOSES_CONNECTIONS, { eval: true, workerData: closed });
    const [port] = (await once(app, 'message')) as [number];
    const again = () => call('', { url: `http://127.0.0.1:${port}` });
    for (const _ of [1, 2, 3]) {
      expect(await again()).toMatchObject({ kind: 'answer' });
      Atomics.store(closed, 0, 0);
      app.postMessage('close');
      expect(Atomics.wait(closed, 0, 0, 10_000)).not.toBe('timed-out');
      expect(await again()).toMatchObject({ kind: 'answer' });
    }
    await app.terminate();
  });

  it.each([
    ['before a connection is chosen', 1],
    ['directly before the request is written', 2],
  ])('calls onSending %s, and sends nothing when it throws', async (_, tooLateAt) => {
    const before = requests;
    let calls = 0;
    const onSending = () => {
      calls += 1;
      if (calls === tooLateAt) throw new Error('too late');
    };
    await expect(call('/echo', { onSending })).rejects.toThrow('too late');
    expect(calls).toBe(tooLateAt);
    expect(await call('/echo', { onSending: () => undefined })).toMatchObject({ kind: 'answer' });
    expect(requests).toBe(before + 1);
  });

  it('does not call an app that cannot receive the parameters', async () => {
    expect(await call('/echo', { parameters: { label: 'x'.repeat(5000) } })).toMatchObject({ kind: 'unsendable' });
  });

  it('fetches metadata as unparsed text', async () => {
    expect(await fetchAppMetadata(`${url}/gzip`)).toBe('{"packed":true}');
    expect(await fetchAppMetadata(`${url}/page`)).toBe('<html></html>');
  });

  it.each([
    ['/large', 'longer than 1 MB'],
    ['/gone', 'status 404'],
    ['/close', 'connection was closed'],
    ['/latin', 'not valid UTF-8'],
  ])('rejects metadata from %s with the reason: %s', async (path, reason) => {
    await expect(fetchAppMetadata(`${url}${path}`)).rejects.toThrow(reason);
  });

  it('reports why no server could be asked for metadata', async () => {
    await expect(fetchAppMetadata(unused)).rejects.toThrow('no server is listening there');
    await expect(fetchAppMetadata('http://nowhere.invalid')).rejects.toThrow('the host name is unknown');
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
