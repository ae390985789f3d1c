import { ProblemError } from './problem-error.js';

const MEBIBYTE = 1024 * 1024;

/** Largest body of a request, as sent and as decompressed. */
export interface BodyLimit {
  readonly bytes: number;
  /** What to do about a larger body, as a sentence. */
  readonly instead: string;
}

/** The limits that a route can have: of `@Answers` if the body is parsed in memory, of `@Spools` if it goes to a file. */
export const BODY_LIMITS = {
  /** Every route without a limit of its own. */
  command: { bytes: MEBIBYTE, instead: 'Name a collection instead of many files, or import the list.' },
  /** 100,000 GUIDs of full length fit. */
  guids: { bytes: 16 * MEBIBYTE, instead: 'Send the files in several requests, or name a collection of them.' },
  /** About 100,000 lines with several columns each. */
  table: { bytes: 64 * MEBIBYTE, instead: 'Split the list.' },
  /** JSON lists of an import are parsed in memory. */
  jsonImport: { bytes: 16 * MEBIBYTE, instead: 'Send a longer list as CSV, which can have up to 64 MiB.' },
  document: { bytes: 64 * MEBIBYTE, instead: 'Leave out views that no stage reads.' },
} as const satisfies Record<string, BodyLimit>;

/** A route as in OpenAPI, with its limit. */
interface LimitedRoute {
  readonly path: string;
  readonly limit: BodyLimit;
}

/**
 * Returns the limit of a requested path: the largest of the routes there, whatever their methods, because the parser
 * reads a body before Nest chooses a route. A path without a route has the limit of a command.
 */
export function limitsByPath(routes: readonly LimitedRoute[]): (path: string) => BodyLimit {
  const limited = routes
    .filter(({ limit }) => limit !== BODY_LIMITS.command)
    .map(({ path, limit }) => ({ pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i'), limit }))
    .sort((a, b) => b.limit.bytes - a.limit.bytes);
  return (path) => limited.find(({ pattern }) => pattern.test(path))?.limit ?? BODY_LIMITS.command;
}

/** A limit in words. */
export const limitText = ({ bytes }: BodyLimit): string => `${bytes / MEBIBYTE} MiB`;

export const tooLarge = (limit: BodyLimit): ProblemError =>
  new ProblemError(
    413,
    'too-large',
    'The body is too large',
    `This operation accepts a body of at most ${limitText(limit)}, before and after decompression. ${limit.instead}`,
  );
