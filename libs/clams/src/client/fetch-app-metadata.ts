import { request } from 'undici';
import { AppMetadataError } from '../metadata/app-metadata.js';
import { appAgent } from './http-agent.js';
import { BodyTooLarge, readBody } from './read-body.js';

const SECOND = 1000;
/** A busy app answers `GET /` only after its work (measured: 6 s after two calls of 3 s). */
const DEADLINE = 20 * SECOND;
/** The largest known metadata has 30 KB. */
const MAX_BYTES = 1024 * 1024;

/**
 * Fetches the metadata of the app at an address, as the text that it sent; throws AppMetadataError with the reason when
 * that fails. `deadline` in milliseconds.
 */
export async function fetchAppMetadata(url: string, deadline = DEADLINE): Promise<string> {
  const signal = AbortSignal.timeout(deadline);
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: appAgent,
      headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
      signal,
    });
    const bytes = await readBody(body, { encoding: [headers['content-encoding']].flat()[0] }, MAX_BYTES);
    if (statusCode !== 200) throw new AppMetadataError(`it answered with status ${statusCode}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof AppMetadataError) throw error;
    throw new AppMetadataError(signal.aborted ? late(deadline) : reason(error), { cause: error });
  }
}

const late = (deadline: number): string => `it did not answer within ${deadline / SECOND} s`;

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof BodyTooLarge || code === 'ERR_BUFFER_TOO_LARGE') return 'its answer is longer than 1 MB';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'its answer is not valid UTF-8';
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'no server is listening there',
    ENOTFOUND: 'the host name is unknown',
    UND_ERR_CONNECT_TIMEOUT: 'the host does not respond',
    UND_ERR_SOCKET: 'the connection was closed',
    ECONNRESET: 'the connection was closed',
  };
  return known[code ?? ''] ?? message;
}
