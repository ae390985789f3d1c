import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLUSH_BYTES = 256 * 1024;

/** Bytes that are gathered on disk and read back once; nothing of them is left, also when the process is killed. */
export class Spool {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes that were added. */
  bytes = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(): Promise<Spool> {
    const folder = await mkdtemp(join(tmpdir(), 'chowda-export-'));
    try {
      return new Spool(await open(join(folder, 'spool'), 'w+', 0o600));
    } finally {
      // An open file lives on without a name, until it is closed.
      await rm(folder, { recursive: true, force: true });
    }
  }

  async add(bytes: Buffer): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.bytes += bytes.length;
    if (this.#pendingBytes >= FLUSH_BYTES) await this.#flush();
  }

  /** Everything that was added, from the beginning. */
  async *read(): AsyncGenerator<Buffer> {
    await this.#flush();
    for (let position = 0; position < this.bytes;) {
      const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(FLUSH_BYTES), 0, FLUSH_BYTES, position);
      if (bytesRead === 0) throw new Error('The spool is shorter than what was written to it.');
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Everything that was added, line by line. */
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
