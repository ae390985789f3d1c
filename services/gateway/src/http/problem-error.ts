import { type Problem, problemType } from '#libs/contracts';

/** A request that is refused, in words for the person who sent it; becomes a problem document (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  /** `name` is the stable last part of the problem's type; `detail` says what to do. */
  constructor(status: number, name: string, title: string, detail: string, errors?: Problem['errors']) {
    super(detail);
    this.problem = { type: problemType(name), title, status, detail, ...(errors ? { errors } : {}) };
  }
}

/** There is no such thing: `noun` as in "batch". */
export const unknown = (noun: string, id: string | number): ProblemError =>
  new ProblemError(
    404,
    `unknown-${noun.replaceAll(' ', '-')}`,
    `No such ${noun}`,
    `There is no ${noun} ${id}. Look it up in its list.`,
  );
