import { createServer } from 'node:http';

/** Answers `GET /healthz` with 200 while `isHealthy` returns true, otherwise 503; other paths get 404. */
export async function serveHealth(port: number, isHealthy: () => boolean): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const healthy = isHealthy();
    const found = request.url === '/healthz';
    response.writeHead(found ? (healthy ? 200 : 503) : 404, { 'content-type': 'application/json' });
    response.end(found ? JSON.stringify({ healthy }) : '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Listens on all addresses, because probes come from outside the container.
    server.listen(port, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
