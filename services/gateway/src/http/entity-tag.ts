import type { IncomingMessage } from 'node:http';

/** Whether a request's `If-None-Match` names this entity tag, so that 304 is the answer. */
export const isKnownToClient = ({ headers }: Pick<IncomingMessage, 'headers'>, tag: string): boolean =>
  (headers['if-none-match'] ?? '')
    .split(',')
    .map((given) => given.trim().replace(/^W\//, ''))
    .some((given) => given === tag || given === '*');
