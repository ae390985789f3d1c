import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from '../http/problem-error.js';

/** Host names by which a browser on this machine reaches us. */
const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** What a request shows of where it comes from. */
export interface Visit {
  readonly method: string;
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>;
  /** A websocket is not held back by the browser's same-origin policy. */
  readonly isUpgrade?: boolean;
}

const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : null);
const hostnameOf = (host: string): string | null =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;

/**
 * Why a visit is refused before anybody asks who it is; null when it is not. A host name that is not ours is a
 * foreign one that resolves to us (DNS rebinding); an origin that is not ours is another site's page acting here.
 */
export function refusal({ method, headers, isUpgrade }: Visit, allowedHosts: readonly string[]): ProblemError | null {
  const { host = '', origin } = headers;
  const hostname = hostnameOf(host);
  const isOurs = [...LOCAL_HOSTS, ...allowedHosts].some((ours) => ours.toLowerCase() === hostname);
  if (!isOurs) {
    return new ProblemError(
      421,
      'foreign-host',
      'Unknown host name',
      'Use 127.0.0.1 or localhost, or add the host name to ALLOWED_HOSTS of the gateway.',
    );
  }
  const isActing = isUpgrade === true || !SAFE_METHODS.includes(method);
  if (isActing && origin !== undefined && hostOf(origin) !== host) {
    return new ProblemError(
      403,
      'foreign-origin',
      'Another site may not do this',
      "Use Chowda's own page, or a program that sends the access token and no Origin.",
    );
  }
  return null;
}

/** Nobody who may enter. */
export const unauthorized = (): ProblemError =>
  new ProblemError(
    401,
    'not-signed-in',
    'Not signed in',
    'Open the sign-in link that the newest start has printed, or send "Authorization: Bearer <access token>".',
  );
