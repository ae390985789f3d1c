import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemSchema } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { answerUnparsed } from '../src/http/unparsed-request.js';
import { TestGateway } from './test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.close());

/** All bytes of the response to `request`, until the server closes the connection. */
function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket
      .on('data', (chunk) => chunks.push(chunk))
      .on('close', () => resolve(Buffer.concat(chunks).toString()))
      .on('error', reject);
  });
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const requestFor = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;

describe('a request that the HTTP parser rejects', () => {
  it.each([
    ['a long URL', 431, 'headers-too-large', requestFor(`/api/batches?search=${'x'.repeat(20_000)}`)],
    ['large headers', 431, 'headers-too-large', requestFor('/api/batches', `X-Any: ${'x'.repeat(20_000)}\r\n`)],
    ['another protocol', 400, 'unreadable-request', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
    ['a header without a name', 400, 'unreadable-request', requestFor('/api/batches', ': x\r\n')],
  ])('with %s receives a problem document', async (_, status, type, request) => {
    const [head, body] = (await exchange(portOf(gateway.app.getHttpServer()), request)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\r\nContent-Type: application/problem\\+json`));
    const problem = problemSchema.parse(JSON.parse(body!));
    expect(problem).toMatchObject({ status, type: `/problems/${type}` });
    expect(head).toContain(`X-Request-Id: ${problem.requestId}`);
  });

  it('adds nothing to a response that is being sent', async () => {
    const server = createServer((_, response) => response.writeHead(200, { 'content-length': 10 }).write('12345'));
    answerUnparsed(server, createLogger('test', 'silent'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const received = await exchange(portOf(server), `${requestFor('/')}not HTTP\r\n\r\n`);
      expect(received).not.toContain('problem');
    } finally {
      server.close();
    }
  });
});
