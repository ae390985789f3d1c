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
/** Checking this much takes some 10 ms, which other requests can bear. */
const OFF_LOOP_BYTES = 256 * 1024;
/** A parsed document takes about ten times its size. */
const THREAD_HEAP_MIB = 1024;
/** Below this size gzip costs more than it saves. */
const WORTH_COMPRESSING_BYTES = 4096;

/** Checks MMIF documents that people upload, large ones one after the other, and makes them ready for the archive. */
export class UploadedMmif {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    /** Built file of `check-thread`. */
    private readonly threadFile: URL,
  ) {}

  /** The document byte for byte as it was sent; throws ProblemError when it is no MMIF. */
  async read({ path, bytes, sha256 }: SpooledBody): Promise<ArchivedDocument> {
    const complaints = bytes < OFF_LOOP_BYTES ? validateMmif(await readFile(path)) : await this.inTurn(path);
    if (complaints.length > 0) throw noMmif(complaints);
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
      const [complaints] = (await once(thread, 'message', { signal: ended.signal })) as [string[]];
      return complaints;
    } catch {
      return ['It is too large to be checked.'];
    } finally {
      await thread.terminate();
    }
  }
}

const noMmif = (complaints: readonly string[]): ProblemError =>
  new ProblemError(
    422,
    'no-mmif',
    'The document is no MMIF',
    `Send an MMIF document as it was written: ${complaints[0]}`,
    complaints.map((message) => ({ path: '', message })),
  );
