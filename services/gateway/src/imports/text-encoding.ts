import { TextDecoder } from 'node:util';

/** Encodings that spreadsheets and editors write. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Windows-1252 characters 0x80 to 0x9f; Node's decoder leaves these as control characters. */
const FROM_0X80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** Control characters that do not occur in text. */
// oxlint-disable-next-line no-control-regex -- matching control characters is its purpose
const BINARY = /[\0-\x08\x0e-\x19\x1c-\x1f]/;
/** Enough to detect that every other byte is zero. */
const HEAD_BYTES = 4096;

/** Detects the encoding of a text that is read in pieces. */
export class EncodingDetector {
  private head: Buffer = Buffer.alloc(0);
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private isUtf8 = true;

  see(bytes: Buffer): void {
    if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES)]);
    this.decodeUtf8(bytes, true);
  }

  /** Call once, after the last piece. Text that is not valid UTF is Windows-1252, which includes Latin-1. */
  encoding(): TextEncoding {
    this.decodeUtf8(Buffer.alloc(0), false);
    const mark = this.head.toString('hex', 0, 2);
    if (mark === 'fffe') return 'utf-16le';
    if (mark === 'feff') return 'utf-16be';
    return this.withoutMark() ?? (this.isUtf8 ? 'utf-8' : 'windows-1252');
  }

  /** In UTF-16, nearly every other byte of Western text is zero. */
  private withoutMark(): TextEncoding | null {
    const zeros = [0, 0];
    this.head.forEach((byte, index) => (zeros[index % 2]! += byte === 0 ? 1 : 0));
    const [even, odd] = zeros as [number, number];
    const many = this.head.length / 4;
    if (odd > many && even < odd / 4) return 'utf-16le';
    if (even > many && odd < even / 4) return 'utf-16be';
    return null;
  }

  private decodeUtf8(bytes: Buffer, stream: boolean): void {
    if (!this.isUtf8) return;
    try {
      this.utf8.decode(bytes, { stream });
    } catch {
      this.isUtf8 = false;
    }
  }
}

/** Decodes text in pieces and removes a byte order mark. */
export class Decoder {
  private readonly decoder: TextDecoder | null;

  constructor(encoding: TextEncoding) {
    this.decoder = encoding === 'windows-1252' ? null : new TextDecoder(encoding);
  }

  decode(bytes: Buffer): string {
    if (this.decoder) return this.decoder.decode(bytes, { stream: true });
    return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (character) => FROM_0X80[character.charCodeAt(0) - 0x80]!);
  }
}

/** Whether a decoded piece is text, as opposed to binary data such as an image or a spreadsheet. */
export const isText = (piece: string): boolean => !BINARY.test(piece);
