import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sha256 } from '#libs/messaging';

/** SHA-256 of the request and of the response body of one `POST`. */
export interface PassedCall {
  readonly received: string;
  readonly answered: string;
}

/** A server in front of an app that forwards everything unchanged. */
export interface RecordingProxy {
  readonly url: string;
  /** All answered calls, oldest first. */
  readonly calls: readonly PassedCall[];
  close(): Promise<void>;
}

/** Starts a proxy in front of the app at `target`; if the app breaks a connection, so does the proxy. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const calls: PassedCall[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, headers } = request;
    const document = await buffer(request);
    const sending = send(new URL(request.url ?? '/', target), { method, headers, agent: false });
    sending.end(document);
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    const body = await buffer(answer);
    if (method === 'POST') calls.push({ received: sha256(document), answered: sha256(body) });
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
