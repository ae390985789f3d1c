import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** A port of the loopback address that was free a moment ago. */
export const freePort = (): Promise<number> => listenOnce(0);

/** Tells whether a port of the loopback address is free. */
export const isPortFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

/** The wanted port, or any free one when none is wanted. Throws a sentence when the wanted one is in use. */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (!wanted) return freePort();
  if (!(await isPortFree(wanted))) throw new Error(`Port ${wanted} is in use: end the program that has it.`);
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
