import type { Mutant } from './mutate.js';

/** A mutant that may survive; it is found by the text of its line, so that it follows moved lines. */
export interface Accepted {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** The line of the source, trimmed. */
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
  /** Which of several equal changes of the line, from 1 in the order of the text; not given: there is only one. */
  readonly occurrence?: number;
  readonly reason: string;
}

/** One line of a file without its indentation. */
export const lineOf = ({ line }: Mutant, source: string): string => source.split('\n')[line - 1]!.trim();

/**
 * The mutants of a file that the list accepts; `source` is the unchanged file. An entry without a mutant accepts nothing,
 * because its line has changed. Throws one sentence about an entry that could mean several mutants.
 */
export function acceptedOf(mutants: readonly Mutant[], source: string, list: readonly Accepted[]): Set<Mutant> {
  const found = list.flatMap((accepted) => {
    const candidates = mutants.filter((mutant) => isLike(mutant, source, accepted));
    if (accepted.occurrence !== undefined) return candidates.slice(accepted.occurrence - 1, accepted.occurrence);
    if (candidates.length < 2) return candidates;
    throw new Error(
      `deploy/mutants/accepted.json: ${candidates.length} mutants of ${accepted.file} change "${accepted.original}" ` +
        `in the line "${accepted.line}". Add "occurrence" to the entry.`,
    );
  });
  return new Set(found);
}

const isLike = (mutant: Mutant, source: string, { file, line, original, replacement }: Accepted): boolean =>
  mutant.file.split('/').at(-1) === file &&
  lineOf(mutant, source) === line &&
  mutant.original === original &&
  mutant.replacement === replacement;
