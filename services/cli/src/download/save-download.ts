import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../connection/api.js';
import { repeatAfter, type Trouble, troubleOf } from '../connection/repeat.js';
import { CliError, EXIT, usageError } from '../exit-codes.js';
import { bytesOf } from '../output/words.js';
import { proposedName } from './file-name.js';

/** Where a download goes. */
export interface Target {
  /** Path of the file; by default the name that Chowda proposes, in this folder. */
  readonly output?: string | undefined;
  /** Takes the place of a file that is there. */
  readonly force?: boolean | undefined;
  /** When Chowda proposes no name. */
  readonly fallback: string;
}

/** What was saved. */
export interface Saved {
  readonly file: string;
  readonly bytes: number;
}

/** What a download goes through. */
export interface Way {
  readonly api: Api;
  readonly signal: AbortSignal;
  /** Told when it has to begin again. */
  readonly onTrouble: (sentence: string) => void;
}

/**
 * Saves an answer as a file: under a name of this download's own until it is whole, so that half a file never looks like
 * one. A connection that breaks begins the file again, a few times. Ctrl-C leaves nothing behind.
 */
export async function saveDownload({ api, signal, onTrouble }: Way, path: string, target: Target): Promise<Saved> {
  if (target.output !== undefined) await refuseToOverwrite(target.output, target);
  const troubles: Trouble[] = [];
  for (;;) {
    const answer = await api.open(path);
    const file = target.output ?? proposedName(answer.headers.get('content-disposition')) ?? target.fallback;
    const part = `${file}.${randomUUID().slice(0, 8)}.part`;
    let writing: WriteStream | null = null;
    try {
      if (target.output === undefined) await refuseToOverwrite(file, target);
      writing = createWriteStream(part, { flags: 'wx' });
      await pipeline(bodyOf(answer), writing, { signal });
      await rename(part, file);
      return { file, bytes: writing.bytesWritten };
    } catch (error) {
      await answer.body?.cancel().catch(() => undefined);
      if (!(error instanceof CliError)) await rm(part, { force: true });
      troubles.push(broken(error, file));
      const pause = repeatAfter(troubles);
      if (pause === null) throw unfinished(file, error, troubles.length);
      onTrouble(
        `The download into ${file} broke off after ${bytesOf(writing?.bytesWritten ?? 0)}; beginning again ...`,
      );
      await delay(pause, undefined, { signal });
    }
  }
}

/** Writes an answer as it arrives, for a pipe: nothing can be taken back, so it is asked for once. */
export async function passDownload(api: Api, path: string, write: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const answer = await api.open(path);
  try {
    for await (const chunk of bodyOf(answer)) await write(chunk as Uint8Array);
  } catch (error) {
    broken(error, 'standard output');
    throw unfinished('standard output', error);
  }
}

const bodyOf = (answer: Response): Readable =>
  answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body as ReadableStream);

/** The trouble of a connection; every other error goes on, in words where it has some. */
function broken(error: unknown, file: string): Trouble {
  const trouble = troubleOf(error);
  if (trouble !== null) return trouble;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === 'EPIPE') throw error;
  throw new CliError(`${file} cannot be written (${message}): choose another with --output.`, EXIT.failures, {
    cause: error,
  });
}

const unfinished = (file: string, cause: unknown, times = 1): CliError => {
  const tries = times === 1 ? '' : ` ${times} times, and nothing of it was kept`;
  return new CliError(`The download into ${file} broke off${tries}: run the same command again.`, EXIT.unreachable, {
    cause,
  });
};

async function refuseToOverwrite(file: string, { force }: Target): Promise<void> {
  if (force) return;
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw usageError(`${file} is there: choose another name with --output, or replace it with --force.`);
}
