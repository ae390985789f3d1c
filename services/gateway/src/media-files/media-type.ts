import { extname } from 'node:path';
import type { MediaKind } from '#libs/contracts';

/** Media types that differ from the default `<kind>/<extension>`, such as `video/webm` for `.webm`. */
const TYPES: Readonly<Record<string, string>> = {
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.mkv': 'video/x-matroska',
  '.avi': 'video/x-msvideo',
  '.mpg': 'video/mpeg',
  '.vob': 'video/mpeg',
  '.ts': 'video/mp2t',
  '.mts': 'video/mp2t',
  '.m2ts': 'video/mp2t',
  '.ogv': 'video/ogg',
  '.mxf': 'application/mxf',
  '.wmv': 'video/x-ms-wmv',
  '.asf': 'video/x-ms-asf',
  '.flv': 'video/x-flv',
  '.3gp': 'video/3gpp',
  '.dv': 'video/dv',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.aif': 'audio/aiff',
  '.wma': 'audio/x-ms-wma',
};

/** The media type of a file, by its kind and extension. */
export function mediaType(kind: MediaKind, path: string): string {
  const extension = extname(path).toLowerCase();
  return TYPES[extension] ?? `${kind}/${extension.slice(1)}`;
}
