import type { IncomingHttpHeaders } from 'node:http';
import { isOwnOrigin } from '#libs/runtime';
import { ProblemError } from '../http/problem-error.js';

/** Host names under which a browser on this machine reaches the gateway. */
const LOCAL_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** The parts of a request that show which host it addresses and which page sent it. */
export interface Visit {
  readonly method: string;
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>;
  /** The same-origin policy of browsers does not cover websockets. */
  readonly isUpgrade?: boolean;
}

const hostnameOf = (host: string): string | null =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;

/**
 * Why a request is refused before its sender is identified; null if it is not. An unknown host name may be a foreign
 * name that resolves to this machine (DNS rebinding). A foreign origin is a page of another site that acts here with
 * the user's cookie.
 */
export function refusal({ method, headers, isUpgrade }: Visit, allowedHosts: readonly string[]): ProblemError | null {
  const hostname = hostnameOf(headers.host ?? '');
  if (![...LOCAL_HOSTS, ...allowedHosts].some((host) => host.toLowerCase() === hostname))
    return new ProblemError(
      421,
      'foreign-host',
      'Unknown host name',
      'Use 127.0.0.1 or localhost, or add the host name to ALLOWED_HOSTS of the gateway.',
    );
  const isActing = isUpgrade === true || !SAFE_METHODS.includes(method);
  if (isActing && !isOwnOrigin(headers))
    return new ProblemError(
      403,
      'foreign-origin',
      'The request comes from another site',
      "Use Chowda's own page, or a program that sends the access token and no Origin header.",
    );
  return null;
}

export const unauthorized = (): ProblemError =>
  new ProblemError(
    401,
    'not-signed-in',
    'Not signed in',
    'Open the sign-in link that the last start of Chowda printed, or send "Authorization: Bearer <access token>".',
  );
