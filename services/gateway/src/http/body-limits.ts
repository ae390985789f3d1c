import { ProblemError } from './problem-error.js';

const MEBIBYTE = 1024 * 1024;

/** How large the body of a request may be, as it is sent and as it is unpacked. */
export interface BodyLimit {
  readonly bytes: number;
  /** It goes into a temporary file instead of memory, and no parser reads it. */
  readonly isSpooled: boolean;
  /** What somebody does whose body is larger. */
  readonly instead: string;
}

const COMMAND: BodyLimit = {
  bytes: MEBIBYTE,
  isSpooled: false,
  instead: 'Name many files by a collection, or by an import.',
};
/** 100,000 GUIDs of full length fit. */
const GUIDS: BodyLimit = {
  bytes: 16 * MEBIBYTE,
  isSpooled: false,
  instead: 'Send so many files in several parts, or name a collection of them.',
};
/** Some 100,000 lines with several columns each. */
const TABLE: BodyLimit = { bytes: 64 * MEBIBYTE, isSpooled: true, instead: 'Cut the list into several.' };
const DOCUMENT: BodyLimit = {
  bytes: 64 * MEBIBYTE,
  isSpooled: true,
  instead: 'Leave views out of the document that no stage reads.',
};

/** Paths as in OpenAPI; whatever is not here takes the body of a command. */
const LIMITS: Readonly<Record<string, BodyLimit>> = {
  '/api/batches': GUIDS,
  '/api/batches/{id}/files': GUIDS,
  '/api/collections': GUIDS,
  '/api/collections/{id}/files': GUIDS,
  '/api/media-files/imports': TABLE,
  '/api/batches/{id}/inputs/{guid}': DOCUMENT,
};

/** JSON lists of an import are parsed in memory. */
export const IMPORT_JSON: BodyLimit = {
  ...GUIDS,
  instead: `Send a longer list as CSV, which may have ${TABLE.bytes / MEBIBYTE} MiB.`,
};

const PATTERNS = Object.entries(LIMITS).map(([path, limit]) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
  limit,
}));

/** The limit of a path, as it is requested or as OpenAPI has it. */
export const bodyLimitOf = (path: string): BodyLimit =>
  PATTERNS.find(({ pattern }) => pattern.test(path))?.limit ?? COMMAND;

/** The limits of bodies that are parsed in memory. */
export const PARSED_LIMITS: readonly BodyLimit[] = [COMMAND, GUIDS];

/** A limit in words. */
export const limitText = ({ bytes }: BodyLimit): string => `${bytes / MEBIBYTE} MiB`;

export const tooLarge = (limit: BodyLimit): ProblemError =>
  new ProblemError(
    413,
    'too-large',
    'The body is too large',
    `This address takes ${limitText(limit)} at most, also when they come compressed. ${limit.instead}`,
  );
