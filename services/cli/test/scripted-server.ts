import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Answers one request. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export interface Arrived {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly key: string | string[] | undefined;
  readonly type: string | undefined;
  readonly body: string;
  /** The Content-Length header; undefined for a body that was streamed. */
  readonly length: string | undefined;
}

export interface ScriptedServer {
  readonly url: string;
  readonly arrived: readonly Arrived[];
  close(): void;
}

/** A server that answers each request with the next of `replies`; further requests get an empty object. */
export async function startScriptedServer(replies: Reply[]): Promise<ScriptedServer> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method, url: path, headers } = request;
      const { 'idempotency-key': key, 'content-type': type, 'content-length': length } = headers;
      arrived.push({ method, path, key, type, length, body: body.toString() });
      (replies.shift() ?? json({}))(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const json =
  (body: object, status = 200, headers = {}): Reply =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (status: number, detail: string, headers = {}): Reply =>
  json({ type: '/problems/x', title: 'X', status, detail }, status, headers);

export const broken: Reply = (response) => void response.destroy();

/** Breaks the connection after the first bytes of the response. */
export const brokenAfter =
  (text: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(200, { 'content-length': '1000', ...headers });
    response.write(text, () => response.destroy());
  };
