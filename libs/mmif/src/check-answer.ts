import { countTypes, type TypeCounts } from './count-types.js';
import { keptDocuments, keptViews } from './kept.js';
import { MmifError } from './mmif-error.js';
import type { Mmif, View, ViewError } from './model.js';
import { readMmif } from './read-mmif.js';
import { compareApps } from './same-app.js';

/** What an app's answer says, compared with the document it was given. */
export interface AnswerReport {
  /** Why the answer is not the given document plus new views of the app, one sentence each; empty when it is. */
  readonly violations: readonly string[];
  /** Errors that were not in the given document. */
  readonly errors: readonly ViewError[];
  /** Warnings of new views. */
  readonly warnings: readonly string[];
  /** Annotations of new views. */
  readonly counts: TypeCounts;
  /** True when there is no new annotation but of type `Annotation` (frame rate, duration): the app found nothing. */
  readonly empty: boolean;
  /** A sentence when the app signs with another version than the one asked, else null. */
  readonly drift: string | null;
}

const UNREADABLE = { errors: [], warnings: [], counts: {}, empty: true, drift: null } as const;

/**
 * Is an answer the input plus new views of the app `identifier`, up to what genuine SDKs rewrite? Views are new by
 * their id. Throws MmifError when the input is no MMIF; an answer that is none is a violation.
 */
export function checkAnswer(input: Uint8Array, output: Uint8Array, identifier: string): AnswerReport {
  const given = readMmif(input);
  let answer: Mmif;
  try {
    answer = readMmif(output);
  } catch (error) {
    if (!(error instanceof MmifError)) throw error;
    return { ...UNREADABLE, violations: [`The answer is no MMIF document. ${error.message}`] };
  }
  const known = new Set(given.views.map(({ id }) => id));
  const added = answer.views.filter(({ id }) => !known.has(id));
  const counts = countTypes(added.flatMap(({ annotations }) => annotations));
  return {
    violations: [
      ...keptDocuments(given, answer),
      ...keptViews(given, answer),
      ...repeatedIds(answer).map((id) => `The answer uses the id ${id} twice.`),
      ...strangers(added, identifier).map((app) => `A new view is signed by another app, ${app || 'which has no name'}.`),
      ...(added.length === 0 ? ['The answer has no new view.'] : []),
    ],
    errors: newErrors(given, answer),
    warnings: added.flatMap(({ metadata }) => metadata.warnings ?? []),
    counts,
    empty: Object.keys(counts).every((type) => type === 'Annotation'),
    drift: drift(added, identifier),
  };
}

function repeatedIds({ views, documents }: Mmif): string[] {
  const seen = new Set<string>();
  const ids = [...views.map(({ id }) => id), ...documents.map(({ properties }) => properties.id)];
  return ids.filter((id) => seen.has(id) || !seen.add(id));
}

/** An app that fails a second time in a pipeline overwrites its own earlier view, so a known view may hold a new error. */
function newErrors(given: Mmif, answer: Mmif): ViewError[] {
  const fingerprint = ({ id, metadata: { timestamp, error } }: View) => JSON.stringify([id, timestamp, error]);
  const known = new Set(given.views.filter(({ metadata }) => metadata.error).map(fingerprint));
  return answer.views.flatMap((view) =>
    view.metadata.error && !known.has(fingerprint(view)) ? [view.metadata.error] : [],
  );
}

const signers = (added: readonly View[]): string[] => [...new Set(added.map(({ metadata }) => metadata.app))];

const strangers = (added: readonly View[], identifier: string): string[] =>
  signers(added).filter((app) => compareApps(app, identifier) === 'other');

function drift(added: readonly View[], identifier: string): string | null {
  const signed = signers(added).find((app) => compareApps(app, identifier) === 'other-version');
  return signed === undefined ? null : `The app is registered as ${identifier} and signs as ${signed}.`;
}
