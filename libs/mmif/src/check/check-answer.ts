import { openLarge } from '../large/open-large.js';
import { MmifError } from '../model/json.js';
import type { Annotation, AnnotationList, Mmif, View, ViewError } from '../model/mmif.js';
import { type OpenedDocument, openWhole } from '../schema/opened-document.js';
import { coverage, type Coverage } from '../summary/coverage.js';
import { classifyWarnings, countTypes, runningTime, type TypeCounts } from '../summary/view-contents.js';
import { latestTime, Timeline } from '../time/timeline.js';
import { documentViolations, idViolations, signatureViolations, versionDrift, viewViolations } from './kept.js';

/** The contents of an app's answer, compared with the document that the app received. */
export interface AnswerReport {
  /** Why the answer is not the input plus new views of the app, one sentence each; empty for a valid answer. */
  readonly violations: readonly string[];
  /** Errors that were not in the input. */
  readonly errors: readonly ViewError[];
  /** Warnings of new views, without those in `notices`. */
  readonly warnings: readonly string[];
  /** Warnings in which the SDK reports about itself; they do not affect the result. */
  readonly notices: readonly string[];
  /** Annotations of new views. */
  readonly counts: TypeCounts;
  /** True when new annotations, if any, are all of type `Annotation` (frame rate, duration): the app found nothing. */
  readonly empty: boolean;
  /** How far the annotations of new views extend into the media; null when times or duration are unknown. */
  readonly coverage: Coverage | null;
  /** Seconds that the app ran, according to the first new view that states it; else null. */
  readonly runningSeconds: number | null;
  /** A sentence when the app signs its views with another version than the registered one, else null. */
  readonly drift: string | null;
}

/** Up to this size a document is parsed as a whole, which is faster and takes at most about 60 MB. */
const WHOLE_BYTES = 8 * 1024 * 1024;

const UNREADABLE = {
  errors: [],
  warnings: [],
  notices: [],
  counts: {},
  empty: true,
  coverage: null,
  runningSeconds: null,
  drift: null,
} as const;

/**
 * Checks that an answer is the input plus new views of the app `identifier`, apart from what genuine SDKs rewrite. A
 * view is new when its id is. Throws MmifError when the input is not MMIF; an answer that is not MMIF is a violation.
 */
export function checkAnswer(
  input: Uint8Array,
  output: Uint8Array,
  identifier: string,
  open: (document: Uint8Array) => OpenedDocument = openBySize,
): AnswerReport {
  const given = open(input);
  let answer: OpenedDocument;
  try {
    answer = open(output);
  } catch (error) {
    if (!(error instanceof MmifError)) throw error;
    return { ...UNREADABLE, violations: [`The answer is not an MMIF document. ${error.message}`] };
  }
  return compare(given, answer, identifier);
}

const openBySize = (document: Uint8Array): OpenedDocument =>
  document.byteLength > WHOLE_BYTES ? openLarge(document) : openWhole(document);

function compare(given: OpenedDocument, { mmif: answer, schemaErrors }: OpenedDocument, app: string): AnswerReport {
  const known = new Set(given.mmif.views.map(({ id }) => id));
  const added = answer.views.filter(({ id }) => !known.has(id));
  const counts = countTypes(annotationsOf(added));
  const timeline = new Timeline(answer);
  return {
    violations: [
      ...documentViolations(given.mmif, answer),
      ...viewViolations(given.mmif, answer),
      ...idViolations(given.mmif, answer),
      ...signatureViolations(added, app),
      ...(added.length === 0 ? ['The answer has no new view.'] : []),
      ...schemaViolations(given.schemaErrors, schemaErrors),
    ],
    errors: newErrors(given.mmif, answer),
    ...classifyWarnings(added.flatMap(({ metadata }) => metadata.warnings ?? [])),
    counts,
    empty: Object.keys(counts).every((type) => type === 'Annotation'),
    coverage: coverage({ latest: latestTime(timeline, added), duration: timeline.media.duration }),
    runningSeconds: added.reduce<number | null>((seconds, { metadata }) => seconds ?? runningTime(metadata), null),
    drift: versionDrift(added, app),
  };
}

function* annotationsOf(views: readonly View<AnnotationList>[]): Generator<Annotation> {
  for (const { annotations } of views) yield* annotations;
}

/** Schema errors of the answer; those that the input already had are not the app's fault. */
function schemaViolations(ofInput: () => string[], ofAnswer: () => string[]): string[] {
  const errors = ofAnswer();
  if (errors.length === 0) return [];
  const before = new Set(ofInput());
  return errors.filter((error) => !before.has(error)).map((error) => `The answer is not valid MMIF: ${error}`);
}

/**
 * Errors that are new in the answer. An app that fails in its second stage of a pipeline overwrites its own earlier
 * view, so a known view may have a new error; the timestamp distinguishes it from an equal error that was there before.
 */
function newErrors(given: Mmif<AnnotationList>, answer: Mmif<AnnotationList>): ViewError[] {
  const fingerprint = ({ id, metadata: { timestamp, error } }: View<AnnotationList>) =>
    JSON.stringify([id, timestamp, error]);
  const known = new Set(given.views.filter(({ metadata }) => metadata.error).map(fingerprint));
  return answer.views.flatMap((view) =>
    view.metadata.error && !known.has(fingerprint(view)) ? [view.metadata.error] : [],
  );
}
