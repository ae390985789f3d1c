import { shortType } from './short-type.js';

/**
 * Whose type a URI names: CLAMS until MMIF 1.1 (`old`), CLAMS since MMIF 1.1.1 (`new`), LAPPS Grid (`lapps`), another.
 * The scheme counts: mmif-python finds no type at `https://mmif.clams.ai`.
 */
export type Vocabulary = 'old' | 'new' | 'lapps' | 'other';

/** How two types are related, by short name, vocabulary and version. */
export type TypeRelation = 'same' | 'other-version' | 'other-vocabulary' | 'other';

const PREFIXES: readonly (readonly [prefix: string, vocabulary: Vocabulary])[] = [
  ['http://mmif.clams.ai/', 'old'],
  ['http://clams.ai/vocabulary/type/', 'new'],
  ['http://vocab.lappsgrid.org/', 'lapps'],
];

/** Whose type a URI names. */
export const vocabularyOf = (uri: string): Vocabulary =>
  PREFIXES.find(([prefix]) => uri.startsWith(prefix))?.[1] ?? 'other';

/** What stands before the short name; the host alone tells a known vocabulary, whose versions may stand there too. */
function home(uri: string): string {
  const vocabulary = vocabularyOf(uri);
  return vocabulary === 'other' ? uri.slice(0, uri.lastIndexOf(shortType(uri))) : vocabulary;
}

/**
 * How two types are related. Apps take another version of a type with a warning; whether they know a type of the
 * other vocabulary depends on their SDK: mmif-python up to 1.1 knows nothing of the new one.
 */
export function compareTypes(left: string, right: string): TypeRelation {
  if (left.replace(/\/+$/, '') === right.replace(/\/+$/, '')) return 'same';
  if (shortType(left) !== shortType(right)) return 'other';
  return home(left) === home(right) ? 'other-version' : 'other-vocabulary';
}
