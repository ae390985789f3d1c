import type { IncomingMessage } from 'node:http';
import type { SpooledBody } from './spool/spooled-body.js';

/** A request with what the middleware and guards of the gateway add to it. */
export interface ApiRequest extends IncomingMessage {
  /** Also in the response header `X-Request-Id`, in problem documents and in the log. */
  requestId: string;
  /** The path with its query, also where Express has shortened `url`. */
  originalUrl: string;
  /** The authenticated sender; set by the access guard. */
  actor?: string;
  /** Digest of the body as it was sent, if the request has an `Idempotency-Key`. */
  bodySha256?: string;
  /** The body, if it was written to a file instead of being parsed. */
  spooled?: SpooledBody;
}

/** Continues with the next handler, or with the problem filter if there is an error. */
export type Next = (error?: unknown) => void;

/** Path of a request without its query, which may contain a secret. */
export const pathOf = ({ url = '/' }: Pick<IncomingMessage, 'url'>): string => url.split('?', 1)[0]!;
