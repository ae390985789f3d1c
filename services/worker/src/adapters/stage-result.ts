import { MAX_TRACE_BYTES, type Outcome, type Unreached } from '#libs/contracts';
import type { Coverage } from '#libs/mmif';
import type { Judged } from '../answer/classifier.js';

/** Limits of what an event carries, whichever adapter made the call. */
const MAX_WARNINGS = 50;
const MAX_WARNING_CHARACTERS = 500;
const MAX_SENTENCE_CHARACTERS = 1000;

/** How a stage ended, cut to the limits of an event; `output` is present after a success. */
export interface StageResult {
  readonly outcome: Outcome;
  readonly sentence: string;
  readonly fingerprint?: string;
  readonly trace?: string;
  readonly httpStatus?: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly notices: readonly string[];
  readonly coverage: Coverage | null;
  readonly runningSeconds: number | null;
  /** Seconds after which the app accepts another request. */
  readonly retryAfter: number | null;
  /** Why the app did not accept the call; null: it was called. */
  readonly unreached: Unreached | null;
  readonly output?: Uint8Array;
}

/** The result of a classified answer. */
export const resultOf = ({ reply, classification: classified }: Judged): StageResult => ({
  outcome: classified.outcome,
  sentence: classified.sentence.slice(0, MAX_SENTENCE_CHARACTERS),
  ...(classified.fingerprint ? { fingerprint: classified.fingerprint } : {}),
  ...(classified.trace ? { trace: classified.trace.slice(0, MAX_TRACE_BYTES) } : {}),
  ...(classified.httpStatus ? { httpStatus: classified.httpStatus } : {}),
  counts: classified.counts,
  warnings: cut(classified.warnings),
  notices: cut(classified.notices),
  coverage: classified.coverage,
  runningSeconds: classified.runningSeconds,
  retryAfter: classified.retryAfter,
  unreached: classified.unreached,
  ...(classified.success && reply.kind === 'answer' ? { output: reply.body } : {}),
});

const cut = (warnings: readonly string[]): string[] =>
  warnings.slice(0, MAX_WARNINGS).map((warning) => warning.slice(0, MAX_WARNING_CHARACTERS));

/** A result without an answer of the app. */
const withoutAnswer = (outcome: Outcome, sentence: string, fingerprint?: string): StageResult => ({
  counts: {},
  warnings: [],
  notices: [],
  coverage: null,
  runningSeconds: null,
  retryAfter: null,
  unreached: null,
  outcome,
  sentence,
  ...(fingerprint === undefined ? {} : { fingerprint }),
});

/** `subject`: what was cancelled, such as "Batch 5". */
export const cancelledResult = (subject: string): StageResult =>
  withoutAnswer('cancelled', `${subject} was cancelled.`);

export const crashLoopResult = (app: string, calls: number): StageResult =>
  withoutAnswer(
    'crash-loop',
    `${app} was called ${calls} times for this file without a recorded result: each time, the process that made the call ` +
      'died, or its result was lost.',
    `${app}|crash-loop`,
  );

/** The input document cannot be opened; `reason` is a sentence. */
export const documentUnavailableResult = (app: string, reason: string): StageResult =>
  withoutAnswer('invalid-input', reason, `${app}|invalid-input|document unavailable`);

/** No event can carry the answer: without a settlement the app would be called again and again. */
export const unrecordableResult = (app: string, reason: string): StageResult =>
  withoutAnswer(
    'invalid-output',
    `The response of ${app} could not be recorded: ${reason}.`,
    `${app}|invalid-output|cannot be recorded`,
  );

/** The worker cannot call this kind of app, for example during a rolling update. */
export const unknownAdapterResult = (app: string, adapter: string, known: readonly string[]): StageResult =>
  withoutAnswer(
    'unreachable',
    `This worker cannot call ${app}: it has no adapter "${adapter}", only ${known.join(', ')}. Update the worker.`,
    `${app}|unreachable|unknown adapter ${adapter}`,
  );
