import { TextDecoder } from 'node:util';

/** Encodings in which spreadsheets and editors write text. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Windows-1252 from 0x80 on; Node's decoder of that name leaves these as control characters. */
const FROM_0X80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** Control characters that no text has. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const NOT_OF_TEXT = /[\0-\x08\x0e-\x19\x1c-\x1f]/;
/** Enough to see whether every other byte is zero. */
const HEAD_BYTES = 4096;

/** Finds the encoding of a text that is shown piece by piece. */
export class EncodingDetector {
  private head: Buffer = Buffer.alloc(0);
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private isUtf8 = true;

  see(bytes: Buffer): void {
    if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES)]);
    this.decodeUtf8(bytes, true);
  }

  /** To be asked once, after all has been seen. What is no UTF is Windows-1252, which includes Latin-1. */
  encoding(): TextEncoding {
    this.decodeUtf8(Buffer.alloc(0), false);
    const mark = this.head.toString('hex', 0, 2);
    if (mark === 'fffe') return 'utf-16le';
    if (mark === 'feff') return 'utf-16be';
    return this.withoutMark() ?? (this.isUtf8 ? 'utf-8' : 'windows-1252');
  }

  /** Western text in UTF-16 has a zero in nearly every other byte. */
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

/** Decodes text piece by piece; a byte order mark is left out. */
export class Decoder {
  private readonly decoder: TextDecoder | null;

  constructor(encoding: TextEncoding) {
    this.decoder = encoding === 'windows-1252' ? null : new TextDecoder(encoding);
  }

  decode(bytes: Buffer): string {
    if (this.decoder) return this.decoder.decode(bytes, { stream: true });
    return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (letter) => FROM_0X80[letter.charCodeAt(0) - 0x80]!);
  }
}

/** Whether a decoded piece can be of a text, and not of a picture or a workbook. */
export const isText = (piece: string): boolean => !NOT_OF_TEXT.test(piece);
