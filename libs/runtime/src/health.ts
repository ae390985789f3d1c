import { createServer } from 'node:http';

/** Answers `GET /healthz` with 200 while `isHealthy` holds, else 503; other paths get 404. */
export async function serveHealth(port: number, isHealthy: () => boolean): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const healthy = isHealthy();
    const found = request.url === '/healthz';
    response.writeHead(found ? (healthy ? 200 : 503) : 404, { 'content-type': 'application/json' });
    response.end(found ? JSON.stringify({ healthy }) : '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Probes come from outside the container, so this one listens on all addresses.
    server.listen(port, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
