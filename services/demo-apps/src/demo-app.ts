import type { Annotation, Mmif } from '#libs/mmif';

/** What an app is given for one request, and how it speaks up while it works. */
export interface AppRequest<Parameters> {
  readonly mmif: Mmif;
  readonly parameters: Parameters;
  /** Percent done, 0 to 100. */
  progress(percent: number): void;
  /** Adds a warning to the answer. */
  warn(message: string): void;
}

/** What one of the apps does: the annotations of its new view, ids unique within it. Throws for an error view. */
export type Annotate<Parameters> = (request: AppRequest<Parameters>) => Promise<Annotation[]>;
