import type { Annotation, Mmif } from '#libs/mmif';

/** The input of one call, and the functions with which an app reports while it works. */
export interface AppRequest<Parameters> {
  /** A parsed copy of the input; integers beyond 2^53 are rounded in it. */
  readonly mmif: Mmif;
  readonly parameters: Parameters;
  /** Aborted when the client disconnects or the app stops: the result is no longer needed. */
  readonly signal: AbortSignal;
  /** Percent done, 0 to 100. */
  progress(percent: number): void;
  /** Adds a warning to the answer. */
  warn(message: string): void;
}

/**
 * The work of an app: returns the annotations of its new view, none when it found nothing. Ids are unique within the
 * view and contain no colon (`tf_1`); annotations refer to each other by them. A thrown value becomes an error view.
 */
export type Annotate<Parameters> = (request: AppRequest<Parameters>) => Promise<Annotation[]>;
