import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { constants, gzip } from 'node:zlib';
import type { ArchivedDocument } from '#libs/database';
import { validateMmif } from '#libs/mmif';
import { ProblemError } from '../../http/problem-error.js';
import type { SpooledBody } from '../../http/spool/spooled-body.js';

const compress = promisify(gzip);
/** Validating this much takes about 10 ms, which may block the event loop. */
const OFF_LOOP_BYTES = 256 * 1024;
/** A parsed document takes about ten times its size. */
const THREAD_HEAP_MIB = 1024;
/** Below this size gzip costs more than it saves. */
const WORTH_COMPRESSING_BYTES = 4096;

/** Validates uploaded MMIF documents, large ones one at a time in a thread, and prepares them for the archive. */
export class UploadedMmif {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    /** Built file of `check-thread`. */
    private readonly threadFile: URL,
  ) {}

  /** Returns the document byte for byte; throws ProblemError if it is not valid MMIF. */
  async read({ path, bytes, sha256 }: SpooledBody): Promise<ArchivedDocument> {
    const errors = bytes < OFF_LOOP_BYTES ? validateMmif(await readFile(path)) : await this.inTurn(path);
    if (errors.length > 0) throw noMmif(errors);
    const content = await readFile(path);
    return bytes < WORTH_COMPRESSING_BYTES
      ? { sha256, bytes, encoding: 'identity', content }
      : { sha256, bytes, encoding: 'gzip', content: await compress(content, { level: constants.Z_BEST_SPEED }) };
  }

  private inTurn(path: string): Promise<string[]> {
    const checked = this.turn.then(() => this.inThread(path));
    this.turn = checked.catch(() => undefined);
    return checked;
  }

  private async inThread(path: string): Promise<string[]> {
    const thread = new Worker(this.threadFile, {
      workerData: path,
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MIB },
    });
    thread.unref();
    const ended = new AbortController();
    thread.once('exit', () => ended.abort());
    try {
      const [errors] = (await once(thread, 'message', { signal: ended.signal })) as [string[]];
      return errors;
    } catch {
      return ['It is too large to be validated.'];
    } finally {
      await thread.terminate();
    }
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
