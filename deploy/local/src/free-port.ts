import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** A free port of the loopback address; another process may take it before its use. */
export const freePort = (): Promise<number> => listenOnce(0);

/** Whether a port of the loopback address is free. */
export const isPortFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

/** The wanted port, or any free port if `wanted` is undefined. Throws when the wanted port is in use. */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (!wanted) return freePort();
  if (!(await isPortFree(wanted))) throw new Error(`Port ${wanted} is in use: stop the program that uses it.`);
  return wanted;
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
