/** A call of an app, as the app's process saw it. */
export interface AppCall {
  /** Position of the app in the pipeline, from 0. */
  readonly app: number;
  /** Location of the media file; it identifies the run. */
  readonly file: string;
  /** When the app had received the document, Unix time in ms. */
  readonly begun: number;
  /** When the app sent its answer, Unix time in ms; null: not yet. */
  answered: number | null;
}

/** When the first call began; NaN without calls. */
export const firstBegin = (calls: readonly AppCall[]): number =>
  calls.map(({ begun }) => begun).toSorted((a, b) => a - b)[0] ?? Number.NaN;

/** When the last answer was sent; NaN without an answer. */
export const lastAnswer = (calls: readonly AppCall[]): number =>
  calls.flatMap(({ answered }) => answered ?? []).toSorted((a, b) => b - a)[0] ?? Number.NaN;

/** Number of calls of an app with a document that it had received before. */
export const repeatedCalls = (calls: readonly AppCall[]): number =>
  calls.length - new Set(calls.map(({ app, file }) => `${app} ${file}`)).size;

/** Apps in a row, each with `slots` calls at once of `workMs` each. */
export interface AppRow {
  readonly apps: number;
  readonly slots: number;
  readonly workMs: number;
}

/**
 * For each app, the share of the time in which its slots work, from the first call of the last app to the last call of the
 * first app: while the row fills and drains, not every app can work. A call counts with the app's processing time: a
 * slot does not work longer because the app's process waits for a core.
 */
export function workingShares(calls: readonly AppCall[], { apps, slots, workMs }: AppRow): number[] {
  const ofApp = (app: number) => calls.filter((call) => call.app === app).map(({ begun }) => begun);
  const begin = Math.min(...ofApp(apps - 1));
  const end = Math.max(...ofApp(0));
  if (!(end > begin)) return Array.from({ length: apps }, () => Number.NaN);
  const within = (begun: number) => Math.max(0, Math.min(begun + workMs, end) - Math.max(begun, begin));
  return Array.from({ length: apps }, (_, app) => {
    const worked = ofApp(app).reduce((sum, begun) => sum + within(begun), 0);
    return worked / (slots * (end - begin));
  });
}
