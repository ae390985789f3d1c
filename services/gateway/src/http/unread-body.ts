import type { IncomingMessage } from 'node:http';
import { noJson } from './validation.pipe.js';

/** Refuses a body that was left unread, where none is needed: what it asks for would be ignored. */
export function refuseUnreadBody({ headers, body }: IncomingMessage & { readonly body?: unknown }): void {
  const isSent = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (body === undefined && isSent) throw noJson();
}
