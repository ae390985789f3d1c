import type { IncomingHttpHeaders } from 'node:http';
import { identify, isOwnOrigin } from '#libs/runtime';

/** Reason for a client without valid credentials; browsers then show the sign-in page. */
export const SIGN_IN_AGAIN = 'sign in again';

interface AccessRules {
  readonly accessToken: string;
  readonly allowedOrigins: readonly string[];
}

/**
 * Why the sender of these headers may not connect; null when it may. A page of another site is rejected even with a
 * valid cookie, because a browser sends the cookie from there as well.
 */
export function refusal(headers: IncomingHttpHeaders, rules: AccessRules, nowMs: number): string | null {
  const { origin = '', authorization, cookie } = headers;
  if (!isOwnOrigin(headers) && !rules.allowedOrigins.includes(origin)) {
    return 'pages from this origin may not connect; add the origin to ALLOWED_ORIGINS of the notifier';
  }
  return identify(rules.accessToken, { authorization, cookie }, nowMs) === null ? SIGN_IN_AGAIN : null;
}
