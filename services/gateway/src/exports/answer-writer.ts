import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** The client closed the connection before the answer was complete. */
export class ClientDisconnected extends Error {
  override readonly name = 'ClientDisconnected';
}

/** Writes to an answer no faster than its client reads; throws ClientDisconnected after the client has disconnected. */
export function answerWriter(response: ServerResponse): (bytes: Buffer) => Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return async (bytes) => {
    if (response.destroyed) throw new ClientDisconnected();
    if (response.write(bytes)) return;
    try {
      await once(response, 'drain', { signal: closed.signal });
    } catch (cause) {
      throw new ClientDisconnected('The client disconnected.', { cause });
    }
  };
}
