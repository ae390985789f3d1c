import { randomUUID } from 'node:crypto';
import { callApp } from '#libs/clams';
import type { AppControl } from '#libs/contracts';
import type { Classifier } from '../answer/classifier.js';
import type { StageTask } from '../stage-task.js';
import type { AppAdapter, CallContext } from './app-adapter.js';
import { estimateProgress } from './estimated-progress.js';
import { followProgress } from './progress.js';
import { resultOf, type StageResult } from './stage-result.js';

const SECOND = 1000;

/** Calls CLAMS web services. */
export class HttpAdapter implements AppAdapter {
  constructor(private readonly classifier: Classifier) {}

  async call(
    app: AppControl,
    { stage }: StageTask,
    document: Uint8Array,
    { onSending, onAbandoned, onProgress, signal }: CallContext,
  ): Promise<StageResult> {
    const callId = randomUUID();
    const progress = app.progressPath
      ? followProgress(new URL(app.progressPath, app.url), callId, onProgress)
      : estimateProgress(app.typicalSeconds, onProgress);
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
      // Only apps on the kit report progress, and they stop when their client disconnects.
      ...(onAbandoned && app.progressPath === undefined ? { onAbandoned } : {}),
    }).finally(() => progress?.stop());
    signal.throwIfAborted();
    const called = { name: stage.app, identifier: app.identifier };
    return resultOf(await this.classifier.classify(reply, document, called, signal));
  }
}
