import { IMPORT_REPORT_DAYS } from '#libs/contracts';
import { ProblemError } from '../http/problem-error.js';

/** There is no such import, or nothing is known of it any more. */
export const unknownImport = (id: number): ProblemError =>
  new ProblemError(
    404,
    'unknown-import',
    'No such import',
    `There is no report of import ${id}. Reports are kept for ${IMPORT_REPORT_DAYS} days; after that, send the list again.`,
  );
