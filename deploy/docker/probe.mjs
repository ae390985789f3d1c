// Health check of a container: exits with 0 if `GET /healthz` on the given port returns a status below 300.
const ANSWER_WITHIN_MS = 4000;

const [port] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
  signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
}).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
