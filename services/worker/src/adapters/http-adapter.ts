import { randomUUID } from 'node:crypto';
import { callApp } from '#libs/clams';
import { type AppControl, MAX_TRACE_BYTES } from '#libs/contracts';
import type { Classifier, Judged } from '../answer/classifier.js';
import type { StageTask } from '../stage-task.js';
import type { AppAdapter, CallContext, StageResult } from './app-adapter.js';
import { followProgress } from './progress.js';

const SECOND = 1000;
const MAX_WARNINGS = 50;
const MAX_WARNING_CHARACTERS = 500;
const MAX_SENTENCE_CHARACTERS = 1000;

/** Calls CLAMS web services. */
export class HttpAdapter implements AppAdapter {
  constructor(private readonly classifier: Classifier) {}

  async call(
    app: AppControl,
    { stage }: StageTask,
    document: Uint8Array,
    { onSending, onPercent, signal }: CallContext,
  ): Promise<StageResult> {
    const callId = randomUUID();
    const progress = app.progressPath
      ? followProgress(new URL(app.progressPath, app.url), callId, onPercent)
      : undefined;
    const reply = await callApp({
      url: app.url,
      document,
      parameters: stage.parameters,
      declaredTypes: stage.types ?? {},
      mmifVersion: stage.mmifVersion ?? null,
      deadlineMs: stage.deadline * SECOND,
      signal,
      callId,
      onSending,
    }).finally(() => progress?.stop());
    signal.throwIfAborted();
    const called = { name: stage.app, identifier: app.identifier };
    return resultOf(await this.classifier.classify(reply, document, called, signal));
  }
}

/** What an answer means, cut to what fits an event. */
const resultOf = ({ reply, classification: classified }: Judged): StageResult => ({
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
});

const cut = (warnings: readonly string[]): string[] =>
  warnings.slice(0, MAX_WARNINGS).map((warning) => warning.slice(0, MAX_WARNING_CHARACTERS));
