import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProblemError } from '../http/problem-error.js';
import { chooseAnswer, type StoredDocument } from './choose-answer.js';
import { sendDocument } from './send-document.js';

/** The answers and problems of every route that sends an MMIF document. */
export const DOCUMENT_ANSWERS = {
  200: { type: 'application/json', description: 'The document, byte for byte as it was stored.' },
  206: { type: 'application/json', description: 'The part that `Range` requests.' },
  304: null,
} as const;

/**
 * Sends an MMIF document byte for byte, or what the request asks of it. `download`: the name under which a browser
 * saves it. Throws ProblemError for a range outside the document.
 */
export async function respondWithDocument(
  request: IncomingMessage,
  response: ServerResponse,
  document: StoredDocument,
  { download, read }: { readonly download: string | null; readonly read: () => Promise<Buffer> },
): Promise<void> {
  const answer = chooseAnswer(request, document);
  if (answer.status === 416) {
    response.setHeader('content-range', answer.headers['content-range']!);
    throw rangeNotSatisfiable(document.bytes);
  }
  if (answer.status !== 304) {
    response.setHeader('content-type', 'application/json');
    if (download !== null) response.setHeader('content-disposition', `attachment; filename="${download}"`);
  }
  await sendDocument(request, response, answer, read);
}

const rangeNotSatisfiable = (bytes: number) =>
  new ProblemError(
    416,
    'range-not-satisfiable',
    'The range starts after the end',
    `The document has ${bytes} bytes. Request a range within them, or omit the Range header.`,
  );
