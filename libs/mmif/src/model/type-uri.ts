/**
 * The vocabulary of a type URI: CLAMS up to MMIF 1.1 (`old`), CLAMS since MMIF 1.1.1 (`new`), LAPPS Grid (`lapps`) or
 * another one. The scheme counts: mmif-python does not recognise types under `https://mmif.clams.ai`.
 */
export type Vocabulary = 'old' | 'new' | 'lapps' | 'other';

/** How two types are related, by short name, vocabulary and version. */
export type TypeRelation = 'same' | 'other-version' | 'other-vocabulary' | 'other';

const PREFIXES: readonly (readonly [prefix: string, vocabulary: Vocabulary])[] = [
  ['http://mmif.clams.ai/', 'old'],
  ['http://clams.ai/vocabulary/type/', 'new'],
  ['http://vocab.lappsgrid.org/', 'lapps'],
];

/** The vocabulary of a type URI. */
export const vocabularyOf = (uri: string): Vocabulary =>
  PREFIXES.find(([prefix]) => uri.startsWith(prefix))?.[1] ?? 'other';

/**
 * Short name of an annotation or document type: `TimeFrame` for `http://mmif.clams.ai/vocabulary/TimeFrame/v6`,
 * `http://clams.ai/vocabulary/type/TimeFrame/v6` and `http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame`, `Token` for
 * `http://vocab.lappsgrid.org/Token`.
 */
export function shortType(uri: string): string {
  const segments = uri.split(/[/#]/).filter((segment) => segment !== '');
  const last = segments.at(-1) ?? uri;
  return /^v\d+$/.test(last) && segments.length > 1 ? segments.at(-2)! : last;
}

/** The part before the short name; for a known vocabulary only its name, because its URIs may contain versions. */
function namespaceOf(uri: string): string {
  const vocabulary = vocabularyOf(uri);
  return vocabulary === 'other' ? uri.slice(0, uri.lastIndexOf(shortType(uri))) : vocabulary;
}

/**
 * How two types are related. Apps accept another version of a type with a warning; whether they recognise a type of
 * the other vocabulary depends on their SDK: mmif-python up to 1.1 does not know the new one.
 */
export function compareTypes(left: string, right: string): TypeRelation {
  if (left.replace(/\/+$/, '') === right.replace(/\/+$/, '')) return 'same';
  if (shortType(left) !== shortType(right)) return 'other';
  return namespaceOf(left) === namespaceOf(right) ? 'other-version' : 'other-vocabulary';
}
