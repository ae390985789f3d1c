import type { IncomingHttpHeaders } from 'node:http';
import { identify, isOwnOrigin } from '#libs/runtime';

/** Tells a browser that its session has ended. */
export const SIGN_IN_AGAIN = 'sign in again';

interface AccessRules {
  readonly accessToken: string;
  readonly allowedOrigins: readonly string[];
}

/**
 * Why the sender of these headers may not listen; null when it may. A page of another site is refused even with a
 * valid cookie, since a browser sends the cookie from there too; a program without an `Origin` is not a page.
 */
export function refusal(headers: IncomingHttpHeaders, rules: AccessRules, nowMs: number): string | null {
  const { origin = '', authorization, cookie } = headers;
  if (!isOwnOrigin(headers) && !rules.allowedOrigins.includes(origin)) {
    return 'pages of this address may not connect; add it to ALLOWED_ORIGINS of the notifier';
  }
  return identify(rules.accessToken, { authorization, cookie }, nowMs) === null ? SIGN_IN_AGAIN : null;
}
