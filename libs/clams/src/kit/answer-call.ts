import { appendViews, indentJson, MmifError, type View } from '#libs/mmif';
import type { Annotate } from './annotate.js';
import { type Answer, jsonText } from './answer.js';
import type { AppDescription } from './app-description.js';
import { castParameters, type Configuration, type RawParameters } from './cast-parameters.js';
import type { DeclaredParameter } from './declared-parameters.js';
import { errorReport } from './errors.js';
import { errorView, successViews } from './new-view.js';
import { EnvelopeError, type OpenedCall, openCall } from './open-call.js';
import { orAborted } from './or-aborted.js';
import { pythonList } from './python-text.js';

/** An app that is ready to be called. */
export interface ServedApp {
  readonly description: AppDescription;
  readonly parameters: readonly DeclaredParameter[];
  readonly annotate: Annotate<Configuration>;
}

/** A call as it was received. */
export interface ArrivedCall {
  readonly body: Uint8Array;
  readonly query: URLSearchParams;
  readonly signal: AbortSignal;
  progress(percent: number): void;
}

/**
 * Answers a call as the SDK's server does (clams/restify/__init__.py, post): the input with new views, 500 with an
 * error view for any failure in the app, 500 as plain text for a body that is not MMIF. Rejects with the reason of
 * `signal` as soon as it is aborted, even if the app continues.
 */
export async function answerCall(app: ServedApp, call: ArrivedCall): Promise<Answer> {
  let opened: OpenedCall;
  try {
    opened = openCall(call.body, call.query);
  } catch (error) {
    if (error instanceof MmifError || error instanceof EnvelopeError) return invalidInput(error);
    throw error;
  }
  const { description } = app;
  const { document, mmif, raw } = opened;
  try {
    const { configuration, views } = await runApp(app, opened, call);
    const answer = appendViews(document, views);
    return jsonText(200, configuration['pretty'] === true ? indentJson(answer) : answer);
  } catch (error) {
    call.signal.throwIfAborted();
    const view = errorView({ description, mmif, raw, endedAt: new Date() }, errorReport(error));
    return jsonText(500, indentJson(appendViews(document, [view])));
  }
}

async function runApp(
  { description, parameters, annotate }: ServedApp,
  { mmif, raw }: OpenedCall,
  { signal, progress }: ArrivedCall,
): Promise<{ configuration: Configuration; views: View[] }> {
  const configuration = castParameters(parameters, raw);
  const warnings = undefinedParameters(parameters, raw);
  const startedAt = performance.now();
  const annotations = await orAborted(
    annotate({ mmif, parameters: configuration, signal, progress, warn: (message) => void warnings.push(message) }),
    signal,
  );
  const runningTime = performance.now() - startedAt;
  const endedAt = new Date();
  return {
    configuration,
    views: successViews({ description, mmif, raw, endedAt, configuration, runningTime, annotations, warnings }),
  };
}

const undefinedParameters = (declared: readonly DeclaredParameter[], raw: RawParameters): string[] =>
  [...raw]
    .filter(([name]) => declared.every((parameter) => parameter.name !== name))
    .map(([name, texts]) => `An undefined parameter "${name}" (value: "${pythonList(texts)}") is passed`);

const invalidInput = ({ message }: Error): Answer => ({
  status: 500,
  contentType: 'text/plain; charset=utf-8',
  body: `Invalid input data. See below for validation error.\n\n${message}`,
});
