import { type Problem, problemType } from '#libs/contracts';
import type { ProblemName, UnknownNoun } from './problem-types.js';

/** A request that is refused, in words for the person who sent it; becomes a problem document (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  /** `name` is the stable last part of the problem's type; `detail` says what to do. */
  constructor(status: number, name: ProblemName, title: string, detail: string, errors?: Problem['errors']) {
    super(detail);
    this.problem = { type: problemType(name), title, status, detail, ...(errors ? { errors } : {}) };
  }
}

/** Name of the problem that there is no such thing. */
export const unknownName = (noun: UnknownNoun): ProblemName => `unknown-${noun.replaceAll(' ', '-')}` as ProblemName;

/** There is no such thing: `noun` as in "batch". */
export const unknown = (noun: UnknownNoun, id: string | number): ProblemError =>
  new ProblemError(404, unknownName(noun), `No such ${noun}`, `There is no ${noun} ${id}. Look it up in its list.`);
