import { randomUUID } from 'node:crypto';
import { type AppControl, MAX_TRACE_BYTES, type Outcome } from '#libs/contracts';
import { callApp } from '#libs/clams';
import type { Coverage } from '#libs/mmif';
import type { Classifier } from './answer/classifier.js';
import { followProgress } from './progress.js';
import type { StageTask } from './stage-task.js';

const SECOND = 1000;
const MAX_WARNINGS = 50;
const MAX_WARNING_CHARACTERS = 500;
const MAX_SENTENCE_CHARACTERS = 1000;

/** What an app's answer means, cut to what fits a fact; `output` is there after a success. */
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
  /** Seconds after which the app wants to be asked again. */
  readonly retryAfter: number | null;
  readonly output?: Uint8Array;
}

/** What a stage without an answer leaves. */
export const NOTHING_FOUND = {
  counts: {},
  warnings: [],
  notices: [],
  coverage: null,
  runningSeconds: null,
  retryAfter: null,
} as const;

/** What a call needs besides its stage: who judges the answer, who hears of progress, and what ends it early. */
export interface CallContext {
  readonly classifier: Classifier;
  readonly onPercent: (percent: number) => void;
  readonly signal: AbortSignal;
}

/** Calls the app of a stage with its document and says what came of it; never throws for what the app does. */
export async function callStage(
  app: AppControl,
  { stage }: StageTask,
  document: Uint8Array,
  { classifier, onPercent, signal }: CallContext,
): Promise<StageResult> {
  const callId = randomUUID();
  const progress = app.progressPath ? followProgress(new URL(app.progressPath, app.url), callId, onPercent) : undefined;
  const reply = await callApp({
    url: app.url,
    document,
    parameters: stage.parameters,
    declaredTypes: stage.types ?? {},
    mmifVersion: stage.mmifVersion ?? null,
    deadlineMs: stage.deadline * SECOND,
    signal,
    callId,
  }).finally(() => progress?.stop());
  signal.throwIfAborted();
  const called = { name: stage.app, identifier: app.identifier };
  const classified = await classifier.classify(reply, document, called);
  return {
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
    ...(classified.success && reply.kind === 'answer' ? { output: reply.body } : {}),
  };
}

const cut = (warnings: readonly string[]): string[] =>
  warnings.slice(0, MAX_WARNINGS).map((warning) => warning.slice(0, MAX_WARNING_CHARACTERS));
