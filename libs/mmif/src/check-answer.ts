import { countTypes, type TypeCounts } from './count-types.js';
import { coverage, type Coverage } from './coverage.js';
import { idClashes } from './id-clashes.js';
import { keptDocuments } from './kept-documents.js';
import { keptViews } from './kept-views.js';
import { MmifError } from './mmif-error.js';
import { openLarge } from './large/open-large.js';
import type { Annotation, AnnotationList, Mmif, View, ViewError } from './model.js';
import { type OpenedDocument, openWhole } from './opened-document.js';
import { runningTime } from './running-time.js';
import { drift, strangers } from './signatures.js';
import { latestTime, Timeline } from './timeline.js';
import { classifyWarnings } from './warnings.js';

/** What an app's answer says, compared with the document it was given. */
export interface AnswerReport {
  /** Why the answer is not the given document plus new views of the app, one sentence each; empty when it is. */
  readonly violations: readonly string[];
  /** Errors that were not in the given document. */
  readonly errors: readonly ViewError[];
  /** Warnings of new views, but for those in `notices`. */
  readonly warnings: readonly string[];
  /** Warnings of new views that the SDK gives about itself; they say nothing about the result. */
  readonly notices: readonly string[];
  /** Annotations of new views. */
  readonly counts: TypeCounts;
  /** True when there is no new annotation but of type `Annotation` (frame rate, duration): the app found nothing. */
  readonly empty: boolean;
  /** How far the annotations of new views reach into the media; null when times or duration are not known. */
  readonly coverage: Coverage | null;
  /** Seconds the app says it ran; null when no new view tells. */
  readonly runningSeconds: number | null;
  /** A sentence when the app signs with another version than the one asked, else null. */
  readonly drift: string | null;
}

/** Up to this size a document is parsed as a whole, which is quicker and takes some 60 MB at most. */
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
 * Is an answer the input plus new views of the app `identifier`, up to what genuine SDKs rewrite? Views are new by
 * their id. Throws MmifError when the input is no MMIF; an answer that is none is a violation.
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
    return { ...UNREADABLE, violations: [`The answer is no MMIF document. ${error.message}`] };
  }
  return compare(given, answer, identifier);
}

const openBySize = (document: Uint8Array): OpenedDocument =>
  document.byteLength > WHOLE_BYTES ? openLarge(document) : openWhole(document);

function compare(
  { mmif: given, complaints: complaintsBefore }: OpenedDocument,
  { mmif: answer, complaints }: OpenedDocument,
  identifier: string,
): AnswerReport {
  const known = new Set(given.views.map(({ id }) => id));
  const added = answer.views.filter(({ id }) => !known.has(id));
  const counts = countTypes(annotationsOf(added));
  const timeline = new Timeline(answer);
  return {
    violations: [
      ...keptDocuments(given, answer),
      ...keptViews(given, answer),
      ...idClashes(given, answer),
      ...strangers(added, identifier),
      ...(added.length === 0 ? ['The answer has no new view.'] : []),
      ...newComplaints(complaintsBefore, complaints),
    ],
    errors: newErrors(given, answer),
    ...classifyWarnings(added.flatMap(({ metadata }) => metadata.warnings ?? [])),
    counts,
    empty: Object.keys(counts).every((type) => type === 'Annotation'),
    coverage: coverage({ latest: latestTime(timeline, added), duration: timeline.facts.duration }),
    runningSeconds: added.reduce<number | null>((seconds, { metadata }) => seconds ?? runningTime(metadata), null),
    drift: drift(added, identifier),
  };
}

function* annotationsOf(views: readonly View<AnnotationList>[]): Generator<Annotation> {
  for (const { annotations } of views) yield* annotations;
}

/** A document that broke the schema before the app saw it is no fault of the app. */
function newComplaints(given: () => string[], answer: () => string[]): string[] {
  const complaints = answer();
  if (complaints.length === 0) return [];
  const before = new Set(given());
  return complaints
    .filter((complaint) => !before.has(complaint))
    .map((complaint) => `The answer is no valid MMIF: ${complaint}`);
}

/** An app that fails a second time in a pipeline overwrites its own earlier view, so a known view may hold a new error. */
function newErrors(given: Mmif<AnnotationList>, answer: Mmif<AnnotationList>): ViewError[] {
  const fingerprint = ({ id, metadata: { timestamp, error } }: View<AnnotationList>) =>
    JSON.stringify([id, timestamp, error]);
  const known = new Set(given.views.filter(({ metadata }) => metadata.error).map(fingerprint));
  return answer.views.flatMap((view) =>
    view.metadata.error && !known.has(fingerprint(view)) ? [view.metadata.error] : [],
  );
}
