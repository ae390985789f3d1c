import type { StageChange } from '../state/stage-change.js';

/**
 * Replaces NUL and unpaired surrogates, which Postgres cannot store, with U+FFFD: text written by an app must not fail
 * its run.
 */
export const storableText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\ufffd');

const storableOrNull = (text: string | null) => (text === null ? null : storableText(text));

/** A change whose texts Postgres can store. */
export const storableChange = (change: StageChange): StageChange => ({
  ...change,
  sentence: storableOrNull(change.sentence),
  fingerprint: storableOrNull(change.fingerprint),
  trace: storableOrNull(change.trace),
  worker: storableOrNull(change.worker),
  annotations: Object.fromEntries(Object.entries(change.annotations).map(([type, n]) => [storableText(type), n])),
  warnings: change.warnings.map(storableText),
  notices: change.notices.map(storableText),
  coverage: change.coverage && { ...change.coverage, gap: change.coverage.gap && storableText(change.coverage.gap) },
});
