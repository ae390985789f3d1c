import type { NatsConnection } from 'nats';

const REQUEST_TIMEOUT_MS = 5000;
const STREAM_NOT_FOUND = 10059;

interface Page {
  error?: { err_code?: number; description: string };
  total?: number;
}

/**
 * All pages of a list of the JetStream API (`verb` behind `$JS.API.`); none when the stream itself is not there. Rejects
 * when the server does not tell. `lengthOf` counts the entries of a page.
 */
export async function apiList<Entries extends object>(
  connection: NatsConnection,
  verb: string,
  lengthOf: (page: Entries) => number,
): Promise<Entries[]> {
  const pages: Entries[] = [];
  // Counts what came, not what is new: a cluster that waits for the answer of a member that is gone says that there is
  // more, and tells the same again.
  for (let offset = 0; ;) {
    const request = JSON.stringify({ offset });
    const reply = await connection.request(`$JS.API.${verb}`, request, { timeout: REQUEST_TIMEOUT_MS });
    const page = reply.json<Page & Entries>();
    if (page.error?.err_code === STREAM_NOT_FOUND) return pages;
    if (page.error) throw new Error(`The server does not tell its list (${verb}): ${page.error.description}`);
    const length = lengthOf(page);
    pages.push(page);
    offset += length;
    if (length === 0 || offset >= (page.total ?? 0)) return pages;
  }
}
