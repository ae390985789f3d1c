/** Cuts a stream of bytes into pieces of one size; what is left at the end is dropped. */
export class Chunker {
  #rest: Buffer = Buffer.alloc(0);

  constructor(private readonly size: number) {}

  /** Pieces that are complete with these bytes. */
  take(bytes: Buffer): Buffer[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const count = Math.floor(all.length / this.size);
    this.#rest = all.subarray(count * this.size);
    return Array.from({ length: count }, (_, index) => all.subarray(index * this.size, (index + 1) * this.size));
  }
}
