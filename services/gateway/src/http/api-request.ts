import type { IncomingMessage } from 'node:http';
import type { SpooledBody } from './spool/spooled-body.js';

/** A request on its way through the gateway. */
export interface ApiRequest extends IncomingMessage {
  /** Repeated in the answer's `X-Request-Id`, in problems and in the log. */
  requestId: string;
  /** The path with its query, also where Express has cut `url` down. */
  originalUrl: string;
  /** Who sent it; set by the access guard. */
  actor?: string;
  /** Digest of the body as it was sent, where the request carries a key. */
  bodySha256?: string;
  /** The body, where it was written to a file instead of being parsed. */
  spooled?: SpooledBody;
}

/** The next handler; with an error, the problem filter. */
export type Next = (error?: unknown) => void;

/** Path of a request without its query, which may hold a secret. */
export const pathOf = ({ url = '/' }: Pick<IncomingMessage, 'url'>): string => url.split('?', 1)[0]!;
