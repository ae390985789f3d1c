import { type Problem, problemType } from '#libs/contracts';
import type { ProblemName, UnknownNoun } from './problem-types.js';

/** A refused request, explained to the person who sent it; becomes a problem document (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  /** `name`: the stable last part of the problem's type. `detail`: what happened in this case, and what to do. */
  constructor(status: number, name: ProblemName, title: string, detail: string, errors?: Problem['errors']) {
    super(detail);
    this.problem = { type: problemType(name), title, status, detail, ...(errors ? { errors } : {}) };
  }
}

/** Name of the problem that a resource does not exist. */
export const unknownName = (noun: UnknownNoun): ProblemName => `unknown-${noun.replaceAll(' ', '-')}` as ProblemName;

/** Status 503 when too many documents wait for a worker thread. */
export const documentsBusy = (): ProblemError =>
  new ProblemError(
    503,
    'documents-busy',
    'Too many documents at once',
    'The gateway is already processing as many large documents as it can. Try again after the time in the Retry-After header.',
  );

/** Status 404 for a resource that does not exist, such as a "batch". */
export const unknown = (noun: UnknownNoun, id: string | number): ProblemError =>
  new ProblemError(404, unknownName(noun), `No such ${noun}`, `There is no ${noun} ${id}. Find it in its list.`);
