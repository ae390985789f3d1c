import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type BodyLimit, tooLarge } from '../body-limits.js';
import { ProblemError } from '../problem-error.js';

/** A body in a temporary file: too large for memory, or read more than once. */
export interface SpooledBody {
  readonly path: string;
  readonly bytes: number;
  /** Of the decompressed body. */
  readonly sha256: string;
}

/** Writes the body of a request to a file. Throws ProblemError if it is too large or unreadable, and leaves no file. */
export async function spool(request: IncomingMessage, limit: BodyLimit): Promise<SpooledBody> {
  const isGzip = isCompressed(request);
  if (Number(request.headers['content-length'] ?? 0) > limit.bytes) throw tooLarge(limit);
  const path = join(tmpdir(), `chowda-body-${randomUUID()}`);
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const body = isGzip ? unpacked(request) : request;
    // Not destroyed if the loop ends early: the response uses the same connection.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit.bytes) throw tooLarge(limit);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    return { path, bytes, sha256: hash.digest('hex') };
  } catch (error) {
    request.unpipe().resume();
    await removeSpooled(path);
    if (request.errored) throw unreadable('The body ended too early');
    throw isBroken(error) ? unreadable('The body is not valid gzip') : error;
  } finally {
    await file.close();
  }
}

export const removeSpooled = (path: string): Promise<void> => rm(path, { force: true });

function isCompressed({ headers }: IncomingMessage): boolean {
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (['identity', 'gzip'].includes(encoding)) return encoding === 'gzip';
  throw new ProblemError(415, 'unsupported-encoding', 'Unsupported encoding', 'Send the body uncompressed or as gzip.');
}

function unpacked(request: IncomingMessage): Readable {
  const gunzip = createGunzip();
  // A pipe forwards the end of its source, but not its errors.
  request.once('error', (error) => gunzip.destroy(error));
  // Errors after the reader has stopped do not matter.
  gunzip.on('error', () => undefined);
  return request.pipe(gunzip);
}

const isBroken = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith('Z_');

const unreadable = (why: string) =>
  new ProblemError(400, 'unreadable-request', 'Unreadable request', `${why}. Send it again.`);
