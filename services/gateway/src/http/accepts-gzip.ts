import type { IncomingMessage } from 'node:http';

/** Whether the sender of a request takes a gzip answer (RFC 9110, 12.5.3); `*` counts when gzip is not named. */
export function acceptsGzip({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const codings = String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.split(';').map((part) => part.trim()));
  const [, ...parameters] = codings.find(([name]) => name === 'gzip') ??
    codings.find(([name]) => name === '*') ?? ['none', 'q=0'];
  return !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
}
