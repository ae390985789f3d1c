import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { ArchivedDocument } from '#libs/database';
import { validateMmif } from '#libs/mmif';
import { OffLoop } from '#libs/runtime';
import { documentsBusy, ProblemError } from '../../http/problem-error.js';
import type { SpooledBody } from '../../http/spool/spooled-body.js';

const compress = promisify(gzip);
/** Validating this much takes about 10 ms, which may block the event loop. */
const OFF_LOOP_BYTES = 256 * 1024;
/** A parsed document takes about ten times its size. */
const THREAD_HEAP_MIB = 1024;
const TIMEOUT_MS = 10 * 60_000;
/** A waiting upload is on disk and not in memory. */
const MAX_WAITING = 1000;
/** Below this size gzip costs more than it saves. */
const WORTH_COMPRESSING_BYTES = 4096;

/** Validates uploaded MMIF documents, large ones in a worker thread, and prepares them for the archive. */
export class UploadedMmif {
  private readonly offLoop: OffLoop<string, string[]>;

  /** `threadFile`: built file of `check-thread`. */
  constructor(threadFile: URL) {
    this.offLoop = new OffLoop(threadFile, {
      heapMib: THREAD_HEAP_MIB,
      timeoutMs: TIMEOUT_MS,
      maxWaiting: MAX_WAITING,
      threadPerTask: true,
    });
  }

  /** Returns the document byte for byte; throws ProblemError if it is not valid MMIF or too many documents wait. */
  async read({ path, bytes, sha256 }: SpooledBody): Promise<ArchivedDocument> {
    const errors = bytes < OFF_LOOP_BYTES ? validateMmif(await readFile(path)) : await this.validate(path);
    if (errors.length > 0) throw noMmif(errors);
    const content = await readFile(path);
    return bytes < WORTH_COMPRESSING_BYTES
      ? { sha256, bytes, encoding: 'identity', content }
      : { sha256, bytes, encoding: 'gzip', content: await compress(content, { level: constants.Z_BEST_SPEED }) };
  }

  private async validate(path: string): Promise<string[]> {
    const outcome = await this.offLoop.run({ request: () => path });
    if ('result' in outcome) return outcome.result;
    if (outcome.failure === 'thread-died' || outcome.failure === 'timed-out')
      return ['It is too large to be validated.'];
    throw documentsBusy();
  }
}

const noMmif = (errors: readonly string[]): ProblemError =>
  new ProblemError(
    422,
    'no-mmif',
    'The document is not valid MMIF',
    `Send a valid MMIF document. ${errors[0]}`,
    errors.map((message) => ({ path: '', message })),
  );
