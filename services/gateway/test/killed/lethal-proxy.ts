import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** Moment at which the proxy kills the server. */
export type Moment =
  /** The server has answered; the client has not received the answer. */
  | 'answered'
  /** Half of the body has arrived at the server. */
  | 'half-sent';

/** A proxy that kills its server during the first request. */
export interface LethalProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Forwards bytes to a local port until the given moment, then kills the server and closes the connection. */
export async function startLethalProxy(port: number, moment: Moment, kill: () => void): Promise<LethalProxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(port, '127.0.0.1');
    const end = () => {
      kill();
      client.destroy();
      behind.destroy();
    };
    for (const socket of [client, behind]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) => {
      if (moment === 'answered') behind.write(bytes);
      else behind.write(bytes.subarray(0, bytes.length - Math.ceil(bodyOf(bytes) / 2)), end);
    });
    behind.on('data', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      open.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

/** Number of body bytes in a request that arrives in one piece. */
const bodyOf = (request: Buffer): number => request.length - request.indexOf('\r\n\r\n') - 4;
