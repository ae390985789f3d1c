/** Divides a stream of bytes into chunks of one size; an incomplete last chunk is dropped. */
export class Chunker {
  #rest: Buffer = Buffer.alloc(0);

  constructor(private readonly size: number) {}

  /** Adds bytes and returns the chunks that are now complete. */
  take(bytes: Buffer): Buffer[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const count = Math.floor(all.length / this.size);
    this.#rest = all.subarray(count * this.size);
    return Array.from({ length: count }, (_, index) => all.subarray(index * this.size, (index + 1) * this.size));
  }
}
