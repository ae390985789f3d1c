// Health check of a container: ends with 0 when `GET /healthz` on the port given is answered well.
const ANSWER_WITHIN_MS = 4000;

const [port] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
  signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
}).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
