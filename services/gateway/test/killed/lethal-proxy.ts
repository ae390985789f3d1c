import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** When a proxy kills what is behind it. */
export type Moment =
  /** It has answered, and nobody has heard it. */
  | 'answered'
  /** Half of what was to be sent has arrived. */
  | 'half-sent';

/** Stands between a client and a server, which is killed in the middle of the first request. */
export interface LethalProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Hands bytes on to a port of this machine until the moment has come; then it kills, and breaks the connection off. */
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

/** How many bytes of a request, which arrives at once, are its body. */
const bodyOf = (request: Buffer): number => request.length - request.indexOf('\r\n\r\n') - 4;
