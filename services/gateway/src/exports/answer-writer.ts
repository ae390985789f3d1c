import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** The client has gone away: nobody is left to write to. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Writes to an answer no faster than its client reads, and throws ClientGone once it has gone away. */
export function answerWriter(response: ServerResponse): (bytes: Buffer) => Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return async (bytes) => {
    if (response.destroyed) throw new ClientGone();
    if (response.write(bytes)) return;
    try {
      await once(response, 'drain', { signal: gone.signal });
    } catch (cause) {
      throw new ClientGone('The client has gone away.', { cause });
    }
  };
}
