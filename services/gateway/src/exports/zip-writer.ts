import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, crc32, createDeflateRaw, deflateRaw } from 'node:zlib';
import type { Deflated } from './gzip-body.js';
import { Spool } from './spool.js';
import { directoryEnd, directoryRecord, localHeader, type ZipEntry } from './zip-records.js';

const FAST = { level: constants.Z_BEST_SPEED };
const deflate = promisify(deflateRaw);

/** Compresses bytes for an entry of a zip file. */
export async function deflated(bytes: Buffer): Promise<Deflated> {
  return { deflated: await deflate(bytes, FAST), crc32: crc32(bytes), size: bytes.length };
}

/**
 * Writes a zip file entry by entry. The central directory is collected on disk, so that memory use does not depend on the
 * number of entries. Stored gzip content is written without recompression, which zip libraries do not support.
 */
export class ZipWriter {
  #offset = 0;
  #entries = 0;

  private constructor(
    /** Resolves when the receiver can take more bytes. */
    private readonly write: (bytes: Buffer) => Promise<void>,
    private readonly at: Date,
    private readonly directory: Spool,
  ) {}

  static async create(write: (bytes: Buffer) => Promise<void>, at: Date): Promise<ZipWriter> {
    return new ZipWriter(write, at, await Spool.create());
  }

  async add(name: string, content: Deflated): Promise<void> {
    await this.#begin(name, content.deflated.length, content);
    await this.#put(content.deflated);
  }

  /** Adds content that is too large for memory, such as the manifest of a large batch. */
  async addLarge(name: string, content: AsyncIterable<Buffer>): Promise<void> {
    const spool = await Spool.create();
    try {
      let [sum, size] = [0, 0];
      const source = Readable.from(
        (async function* () {
          for await (const bytes of content) {
            sum = crc32(bytes, sum);
            size += bytes.length;
            yield bytes;
          }
        })(),
      );
      for await (const bytes of source.pipe(createDeflateRaw(FAST))) await spool.add(bytes as Buffer);
      await this.#begin(name, spool.bytes, { crc32: sum, size });
      for await (const bytes of spool.read()) await this.#put(bytes);
    } finally {
      await spool.close();
    }
  }

  /** Writes the central directory, which readers need to find the entries. */
  async finish(): Promise<void> {
    const begin = this.#offset;
    for await (const bytes of this.directory.read()) await this.#put(bytes);
    await this.#put(directoryEnd(this.#entries, this.directory.bytes, begin));
  }

  async close(): Promise<void> {
    await this.directory.close();
  }

  async #begin(name: string, compressedSize: number, { crc32, size }: Omit<Deflated, 'deflated'>): Promise<void> {
    const entry: ZipEntry = { name, crc32, compressedSize, size, offset: this.#offset };
    this.#entries += 1;
    await this.directory.add(directoryRecord(entry, this.at));
    await this.#put(localHeader(entry, this.at));
  }

  async #put(bytes: Buffer): Promise<void> {
    this.#offset += bytes.length;
    await this.write(bytes);
  }
}
