import { createServer } from 'node:http';

/**
 * Serves the probes of a process. `GET /healthz` answers 200 while `isHealthy` returns true, otherwise 503: the service
 * can do its work; `roleOf` names what that is. `GET /livez` always answers 200: the process runs, and a restart would
 * not help. Other paths get 404.
 */
export async function serveHealth(
  port: number,
  isHealthy: () => boolean,
  roleOf?: () => string,
): Promise<{ close(): Promise<void> }> {
  const answerTo = (path: string | undefined): { status: number; body: string } => {
    if (path === '/livez') return { status: 200, body: JSON.stringify({ live: true }) };
    if (path !== '/healthz') return { status: 404, body: '' };
    const healthy = isHealthy();
    return { status: healthy ? 200 : 503, body: JSON.stringify({ healthy, role: roleOf?.() }) };
  };
  const server = createServer((request, response) => {
    const { status, body } = answerTo(request.url);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Listens on all addresses, because probes come from outside the container.
    server.listen(port, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
