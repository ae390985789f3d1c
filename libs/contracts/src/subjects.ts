const TOKEN = /^[A-Za-z0-9_-]+$/;

/** Names one stage of one run; `index` counts stages from 0. */
export interface StageAddress {
  readonly batch: number;
  readonly run: number;
  readonly index: number;
}

/** True for text that is a valid token of a subject: letters, digits, `_` and `-` only. */
export const isToken = (text: string): boolean => TOKEN.test(text);

export const stageSubject = (app: string, { batch, run, index }: StageAddress) =>
  `stage.${app}.${batch}.${run}.${index}`;
/** All stage messages of one app. */
export const stageFilter = (app: string) => `stage.${app}.>`;
export const startedSubject = ({ batch, run, index }: StageAddress) => `event.${batch}.${run}.${index}.started`;
export const settledSubject = ({ batch, run, index }: StageAddress) => `event.${batch}.${run}.${index}.settled`;
/** Whether a message of the event log is about a settlement. */
export const isSettledSubject = (subject: string) => subject.endsWith('.settled');
export const deadSubject = (app: string, { batch, run, index }: StageAddress) => `dead.${app}.${batch}.${run}.${index}`;
export const progressSubject = ({ batch, run, index }: StageAddress) => `progress.${batch}.${run}.${index}`;
export const PROGRESS_FILTER = 'progress.>';

/** What the gateway wakes the scheduler for. */
export type JobVerb = 'submitted' | 'cancelled' | 'paused' | 'resumed' | 'retried' | 'edited' | 'registered';
/** `scope` is a batch id, or `apps` for the registry. */
export const jobSubject = (scope: number | 'apps', verb: JobVerb) => `job.${scope}.${verb}`;
export const JOBS_FILTER = 'job.>';

export const liveSubject = (batch: number) => `live.${batch}`;
export const LIVE_FILTER = 'live.>';

/** Key of an app in the control bucket. */
export const appKey = (slug: string) => `app.${slug}`;
export const APP_KEYS_FILTER = 'app.*';
/** Key in the control bucket of a batch that is paused or was cancelled. */
export const batchKey = (batch: number) => `batch.${batch}`;
export const BATCH_KEYS_FILTER = 'batch.*';
export const WORKER_KEYS_FILTER = 'worker.>';
/** Key of the heartbeat of one process of a worker in the control bucket; the previous release has no process. */
export const workerKey = (worker: string, process?: string) =>
  process === undefined ? `worker.${worker}` : `worker.${worker}.${process}`;
/** Key in the control bucket of the order that a worker accepts no more work. */
export const drainKey = (worker: string) => `drain.${worker}`;

/** A whole number in digits only, as subjects contain it; NaN for any other token. */
const wholeNumber = (token: string | undefined): number => (/^\d+$/.test(token ?? '') ? Number(token) : Number.NaN);

/**
 * Reads `stage.<app>.<batch>.<run>.<index>` or the same with `dead.`; null when the subject does not have that form.
 */
export function parseStageSubject(subject: string): ({ app: string } & StageAddress) | null {
  const [kind, app, batch, run, index, ...rest] = subject.split('.');
  if ((kind !== 'stage' && kind !== 'dead') || app === undefined || rest.length > 0) return null;
  const address = { batch: wholeNumber(batch), run: wholeNumber(run), index: wholeNumber(index) };
  return Object.values(address).every(Number.isSafeInteger) && isToken(app) ? { app, ...address } : null;
}

/** Reads `progress.<batch>.<run>.<index>`; null when the subject does not have that form. */
export function parseProgressSubject(subject: string): StageAddress | null {
  const [kind, batch, run, index, ...rest] = subject.split('.');
  if (kind !== 'progress' || rest.length > 0) return null;
  const address = { batch: wholeNumber(batch), run: wholeNumber(run), index: wholeNumber(index) };
  return Object.values(address).every(Number.isSafeInteger) ? address : null;
}

/** Makes a token of an app's name and version: `SWT Detection`, `v7.5` → `swt-detection_v7-5`. */
export function appSlug(name: string, version: string): string {
  const token = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '');
  return version ? `${token(name)}_${token(version)}` : token(name);
}
