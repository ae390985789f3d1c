import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLUSH_BYTES = 256 * 1024;

/** A temporary file that is written and then read. It has no name, so nothing is left even when the process is killed. */
export class Spool {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Number of bytes added. */
  bytes = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(): Promise<Spool> {
    const folder = await mkdtemp(join(tmpdir(), 'chowda-export-'));
    try {
      return new Spool(await open(join(folder, 'spool'), 'w+', 0o600));
    } finally {
      // An open file without a name exists until it is closed.
      await rm(folder, { recursive: true, force: true });
    }
  }

  async add(bytes: Buffer): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.bytes += bytes.length;
    if (this.#pendingBytes >= FLUSH_BYTES) await this.#flush();
  }

  /** All added bytes, from the start. */
  async *read(): AsyncGenerator<Buffer> {
    await this.#flush();
    for (let position = 0; position < this.bytes;) {
      const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(FLUSH_BYTES), 0, FLUSH_BYTES, position);
      if (bytesRead === 0) throw new Error('The temporary export file is shorter than what was written to it.');
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** All added bytes as lines of text. */
  async *lines(): AsyncGenerator<string> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of this.read()) {
      let from = 0;
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) yield rest.toString();
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async #flush(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.file.appendFile(bytes);
  }
}
