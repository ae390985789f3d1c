import { extname } from 'node:path';
import type { MediaKind } from '#libs/contracts';

/** Number of bytes at the start of a file that `mediaKind` needs. */
export const HEAD_BYTES = 512;

const VIDEO = '.3gp .asf .avi .dv .flv .m2ts .m4v .mkv .mov .mp4 .mpeg .mpg .mts .mxf .ogv .ts .vob .webm .wmv'.split(
  ' ',
);
const AUDIO = '.aac .aif .aiff .flac .m4a .mp3 .oga .ogg .opus .wav .wma'.split(' ');

const TS_PACKET = 188;
const TS_SYNC = 0x47;
/** In M2TS, a 4-byte timestamp precedes each packet. */
const M2TS_PACKET = TS_PACKET + 4;

const text = (head: Buffer, offset: number, expected: string) =>
  head.toString('latin1', offset, offset + expected.length) === expected;
const bytes = (head: Buffer, hex: string) => head.toString('hex', 0, hex.length / 2) === hex;
const isSynced = (head: Buffer, offset: number, packet: number) =>
  head[offset] === TS_SYNC && head[offset + packet] === TS_SYNC;

/** Signatures of video containers; most of them may also contain only audio. */
const isVideoContainer = (head: Buffer): boolean =>
  ['ftyp', 'moov', 'mdat', 'free', 'wide', 'skip'].some((box) => text(head, 4, box)) ||
  bytes(head, '1a45dfa3') || // Matroska, WebM
  (text(head, 0, 'RIFF') && text(head, 8, 'AVI ')) ||
  bytes(head, '000001ba') || // MPEG program stream
  bytes(head, '000001b3') || // MPEG video
  isSynced(head, 0, TS_PACKET) ||
  isSynced(head, 4, M2TS_PACKET) ||
  bytes(head, '060e2b34') || // MXF
  bytes(head, '3026b275') || // ASF, WMV
  text(head, 0, 'OggS') ||
  text(head, 0, 'FLV') ||
  bytes(head, '1f0700'); // DV

const isAudio = (head: Buffer): boolean =>
  text(head, 0, 'ID3') ||
  text(head, 0, 'fLaC') ||
  text(head, 0, 'OggS') ||
  text(head, 4, 'ftyp') ||
  bytes(head, '3026b275') || // WMA
  // RF64 and BW64 are WAVE files that may exceed 4 GB (EBU Tech 3306, ITU-R BS.2088).
  (['RIFF', 'RF64', 'BW64'].some((form) => text(head, 0, form)) && text(head, 8, 'WAVE')) ||
  (text(head, 0, 'FORM') && text(head, 8, 'AIF')) ||
  (head[0] === 0xff && (head[1]! & 0xe0) === 0xe0); // MPEG audio frame, AAC in ADTS

/** Whether the file extension is that of a video or audio file. */
export const isNamedAsMedia = (path: string): boolean => [...VIDEO, ...AUDIO].includes(extname(path).toLowerCase());

/** The kind of a file whose extension and first bytes agree; null when it is neither video nor audio. */
export function mediaKind(path: string, head: Buffer): MediaKind | null {
  const extension = extname(path).toLowerCase();
  if (VIDEO.includes(extension)) return isVideoContainer(head) ? 'video' : null;
  if (AUDIO.includes(extension)) return isAudio(head) ? 'audio' : null;
  return null;
}
