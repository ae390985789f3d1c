import { IMPORT_REPORT_DAYS } from '#libs/contracts';
import { ProblemError } from '../http/problem-error.js';

export const unknownImport = (id: number): ProblemError =>
  new ProblemError(
    404,
    'unknown-import',
    'Unknown import',
    `There is no report of import ${id}. Reports are kept for ${IMPORT_REPORT_DAYS} days; after that, send the list again.`,
  );

export const unsupportedList = (): ProblemError =>
  new ProblemError(
    415,
    'no-import',
    'Unsupported list format',
    'Send CSV as text/csv, pasted GUIDs as text/plain, or JSON as application/json. Save a spreadsheet as CSV first.',
  );

export const binaryBody = (): ProblemError =>
  new ProblemError(
    422,
    'no-text',
    'The body is not text',
    'The body is not text; it looks like a binary file such as a spreadsheet or an image. Save the list as CSV, preferably in UTF-8, and send that file.',
  );

export const invalidJson = (reason: string): ProblemError =>
  new ProblemError(400, 'unreadable-request', 'Unreadable request', `Send valid JSON (${reason}).`);

export const notAFolder = (path: string): ProblemError =>
  new ProblemError(
    422,
    'no-folder',
    'The path is not a folder',
    `${path} is a file. Name the folder that contains it.`,
  );

export const noGuidColumn = (headers: readonly string[]): ProblemError =>
  new ProblemError(
    422,
    'no-guid-column',
    'No GUID column',
    `Name the column that contains the GUIDs "GUID". The first line is: ${headers.slice(0, 20).join(', ').slice(0, 500)}.`,
  );

export const unclosedQuote = (line: number): ProblemError =>
  new ProblemError(
    422,
    'unreadable-csv',
    'The table cannot be read',
    `Close the quote that is opened in line ${line}, or remove it. Nothing was imported.`,
  );

export const tooManyLines = (max: number): ProblemError =>
  new ProblemError(
    413,
    'too-many-lines',
    'The list is too long',
    `Send at most ${max} media files at once; nothing was imported. Split the list.`,
  );

export const emptyList = (): ProblemError =>
  new ProblemError(
    422,
    'empty-import',
    'The list is empty',
    'Name at least one media file. A table needs at least one line below its headers.',
  );
