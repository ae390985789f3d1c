import type { IncomingMessage } from 'node:http';

/** Tag of what an answer holds; a weak one, because the plain and the compressed answer share it. */
export const entityTag = (content: string): string => `W/"${content}"`;

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether a request's `If-None-Match` names this entity tag, so that 304 is the answer. */
export const isKnownToClient = ({ headers }: Pick<IncomingMessage, 'headers'>, tag: string): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((given) => opaque(given) === opaque(tag) || given.trim() === '*');
