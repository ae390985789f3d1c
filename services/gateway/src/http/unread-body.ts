import type { IncomingMessage } from 'node:http';
import { noJson } from './validation.pipe.js';

/** Refuses a body that the parser did not read, on a route whose body is optional; otherwise it would be ignored. */
export function refuseUnreadBody({ headers, body }: IncomingMessage & { readonly body?: unknown }): void {
  const isSent = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (body === undefined && isSent) throw noJson();
}
