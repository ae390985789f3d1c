import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;

interface InfoAnswer {
  error?: { description: string };
  total?: number;
  state?: { subjects?: Record<string, number> };
}

/** All subjects of a stream that fit the filter; rejects when the stream is not there or cannot be asked. */
export async function streamSubjects(connection: NatsConnection, stream: string, filter: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const request = JSON.stringify({ subjects_filter: filter, offset: found.length });
    const reply = await connection.request(`$JS.API.STREAM.INFO.${stream}`, request, { timeout: REQUEST_TIMEOUT_MS });
    const { error, total = 0, state } = reply.json<InfoAnswer>();
    if (error || !state) throw new Error(`Stream ${stream} cannot be asked: ${error?.description ?? 'empty answer'}`);
    const page = Object.keys(state.subjects ?? {});
    found.push(...page);
    if (page.length === 0 || found.length >= total) return found;
  }
}
