import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../connection/api.js';
import { retryDelay, type RequestFailure, failureOf } from '../connection/retry.js';
import { CliError, EXIT, usageError } from '../exit-codes.js';
import { formatBytes } from '../output/format.js';
import { proposedName } from './file-name.js';

/** Where to save a download. */
export interface Target {
  /** Path of the file; default: the name that Chowda proposes, in the current folder. */
  readonly output?: string | undefined;
  /** Replaces an existing file. */
  readonly force?: boolean | undefined;
  /** File name if Chowda proposes none. */
  readonly fallback: string;
}

/** A saved file. */
export interface Saved {
  readonly file: string;
  readonly bytes: number;
}

export interface DownloadContext {
  readonly api: Api;
  readonly signal: AbortSignal;
  /** Called before each retry. */
  readonly onRetry: (sentence: string) => void;
}

/**
 * Saves a response as a file. Until it is complete, the file has a unique `.part` name, so that an incomplete file
 * never looks like a complete one. If the connection breaks, the download starts over, up to five times. Ctrl-C leaves
 * no file.
 */
export async function saveDownload(
  { api, signal, onRetry }: DownloadContext,
  path: string,
  target: Target,
): Promise<Saved> {
  if (target.output !== undefined) await refuseToOverwrite(target.output, target);
  const failures: RequestFailure[] = [];
  for (;;) {
    const response = await api.open(path);
    const file = target.output ?? proposedName(response.headers.get('content-disposition')) ?? target.fallback;
    const part = `${file}.${randomUUID().slice(0, 8)}.part`;
    let writing: WriteStream | null = null;
    try {
      if (target.output === undefined) await refuseToOverwrite(file, target);
      writing = createWriteStream(part, { flags: 'wx' });
      await pipeline(bodyOf(response), writing, { signal });
      await rename(part, file);
      return { file, bytes: writing.bytesWritten };
    } catch (error) {
      await response.body?.cancel().catch(() => undefined);
      if (!(error instanceof CliError)) await rm(part, { force: true });
      failures.push(connectionFailure(error, file));
      const pause = retryDelay(failures);
      if (pause === null) throw incomplete(file, error, failures.length);
      onRetry(
        `The download of ${file} was interrupted after ${formatBytes(writing?.bytesWritten ?? 0)}; starting over ...`,
      );
      await delay(pause, undefined, { signal });
    }
  }
}

/** Writes a response to a pipe as it arrives. Written bytes cannot be taken back, so there is no retry. */
export async function passDownload(api: Api, path: string, write: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const response = await api.open(path);
  try {
    for await (const chunk of bodyOf(response)) await write(chunk as Uint8Array);
  } catch (error) {
    connectionFailure(error, 'standard output');
    throw incomplete('standard output', error);
  }
}

const bodyOf = (response: Response): Readable =>
  response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as ReadableStream);

/** The failure of the connection. Throws every other error; an error of the file system gets a message for users. */
function connectionFailure(error: unknown, file: string): RequestFailure {
  const failure = failureOf(error);
  if (failure !== null) return failure;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === 'EPIPE') throw error;
  throw new CliError(`${file} cannot be written (${message}). Choose another file with --output.`, EXIT.failures, {
    cause: error,
  });
}

const incomplete = (file: string, cause: unknown, attempts = 1): CliError => {
  const times = attempts === 1 ? '' : ` ${attempts} times; nothing was saved`;
  return new CliError(
    `The download of ${file} was interrupted${times}. Run the same command again.`,
    EXIT.unreachable,
    {
      cause,
    },
  );
};

async function refuseToOverwrite(file: string, { force }: Target): Promise<void> {
  if (force) return;
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists)
    throw usageError(`${file} already exists. Choose another name with --output, or replace it with --force.`);
}
