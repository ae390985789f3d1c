import { cpus, machine } from 'node:os';
import type { Annotation, Mmif, View, ViewError } from '#libs/mmif';
import type { AppDescription } from './app-description.js';
import type { Configuration, RawParameters } from './cast-parameters.js';
import { longIds } from './long-ids.js';
import { pythonList, timedeltaText } from './python-text.js';
import { shareProperties } from './shared-properties.js';

/** The data of a call that its views record. */
export interface CallRecord {
  readonly description: AppDescription;
  /** The input. */
  readonly mmif: Mmif;
  readonly raw: RawParameters;
  /** End of the call, the same in all its views. */
  readonly endedAt: Date;
}

/** A successful call. */
export interface FinishedCall extends CallRecord {
  readonly configuration: Configuration;
  /** Milliseconds. */
  readonly runningTime: number;
  /** With unique ids without a colon. */
  readonly annotations: readonly Annotation[];
  readonly warnings: readonly string[];
}

const recorded = (texts: readonly string[]): string => (texts.length === 1 ? texts[0]! : pythonList(texts));

/** The parameters as received; without any, the key is omitted, as in the SDK. */
function rawParameters(raw: RawParameters): { readonly parameters?: Readonly<Record<string, string>> } {
  const given = [...raw].filter(([, texts]) => texts.length > 0);
  if (given.length === 0) return {};
  return { parameters: Object.fromEntries(given.map(([name, texts]) => [name, recorded(texts)])) };
}

function profiling({ configuration, runningTime }: FinishedCall): Readonly<Record<string, unknown>> {
  const records = {
    ...(configuration['runningTime'] === true ? { runningTime: timedeltaText(runningTime) } : {}),
    ...(configuration['hwFetch'] === true
      ? { hardware: { cpu: `${machine()}, ${cpus().length} cores`, cuda: [] } }
      : {}),
  };
  return Object.keys(records).length > 0 ? { appProfiling: records } : {};
}

const tags = ({ app_tags: appTags = [] }: AppDescription) => (appTags.length > 0 ? { appTags } : {});

/** Ids `v_N`, where N starts at the number of views and skips ids in use (mmif/serialize/mmif.py, new_view_id). */
function freeViewIds({ documents, views }: Mmif, count: number): string[] {
  const taken = new Set([...views.map(({ id }) => id), ...documents.map(({ properties }) => properties.id)]);
  const ids: string[] = [];
  for (let index = views.length; ids.length < count; index += 1) {
    if (!taken.has(`v_${index}`)) ids.push(`v_${index}`);
  }
  return ids;
}

/** The view with the annotations, and a second view if there are warnings. Throws TypeError for invalid ids. */
export function successViews(call: FinishedCall): View[] {
  const { description, mmif, raw, endedAt, configuration, warnings } = call;
  const [id, warningsId] = freeViewIds(mmif, 2) as [string, string];
  const { contains, annotations } = shareProperties(longIds(id, call.annotations, mmif));
  const signature = {
    ...tags(description),
    ...profiling(call),
    timestamp: endedAt.toISOString(),
    app: description.identifier,
  };
  const settings = { ...rawParameters(raw), appConfiguration: configuration };
  const view = { id, metadata: { ...signature, contains, ...settings }, annotations };
  if (warnings.length === 0) return [view];
  return [view, { id: warningsId, metadata: { ...signature, ...settings, warnings }, annotations: [] }];
}

/** A view that records an error; always a new one, so that earlier results of the same app remain. */
export function errorView({ description, mmif, raw, endedAt }: CallRecord, error: ViewError): View {
  const [id] = freeViewIds(mmif, 1) as [string];
  const signature = { ...tags(description), timestamp: endedAt.toISOString(), app: description.identifier };
  return { id, metadata: { ...signature, ...rawParameters(raw), error }, annotations: [] };
}
