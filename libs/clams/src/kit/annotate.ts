import type { Annotation, Mmif } from '#libs/mmif';

/** What an app is given for one call, and how it speaks up while it works. */
export interface AppRequest<Parameters> {
  /** A parsed copy of the input; integers beyond 2^53 are rounded in it. */
  readonly mmif: Mmif;
  readonly parameters: Parameters;
  /** Aborted when the client has gone or the app stops: nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** Percent done, 0 to 100. */
  progress(percent: number): void;
  /** Adds a warning to the answer. */
  warn(message: string): void;
}

/**
 * What an app does: the annotations of its new view, none when it found nothing. Ids are unique within the view and
 * without colon (`tf_1`); annotations refer to each other by them. Whatever is thrown becomes an error view.
 */
export type Annotate<Parameters> = (request: AppRequest<Parameters>) => Promise<Annotation[]>;
