import type { StageChange } from './stage-change.js';

/** Postgres holds neither NUL nor half a surrogate pair, and what an app wrote must not cost its run: both become U+FFFD. */
export const storableText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\ufffd');

const storableOrNull = (text: string | null) => (text === null ? null : storableText(text));

/** A change with every text from outside made fit for Postgres. */
export const storable = (change: StageChange): StageChange => ({
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
