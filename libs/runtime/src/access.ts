import { createHmac, timingSafeEqual } from 'node:crypto';

/** Name of the session cookie. */
export const SESSION_COOKIE = 'chowda_session';
/** Lifetime of a session in seconds. */
export const SESSION_SECONDS = 30 * 24 * 3600;
/** The actor in local mode. */
export const LOCAL_ACTOR = 'local';

const sign = (accessToken: string, text: string) =>
  createHmac('sha256', accessToken).update(`chowda-session:${text}`).digest('base64url');

/** Compares two secrets in constant time. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Value of a session cookie: `<actor>.<expiry in seconds since 1970>.<signature>`. */
export function createSession(accessToken: string, nowMs: number, actor = LOCAL_ACTOR): string {
  const claim = `${actor}.${Math.floor(nowMs / 1000) + SESSION_SECONDS}`;
  return `${claim}.${sign(accessToken, claim)}`;
}

/** The actor of a session cookie; null when it is forged, expired or malformed. */
export function readSession(accessToken: string, cookie: string, nowMs: number): string | null {
  const [actor, expiry, signature, ...rest] = cookie.split('.');
  if (!actor || !expiry || !signature || rest.length > 0) return null;
  if (!isSameSecret(signature, sign(accessToken, `${actor}.${expiry}`))) return null;
  return Number(expiry) * 1000 > nowMs ? actor : null;
}

/** The request headers that identify the sender, unchanged. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/** The actor of a request, from its bearer token or session cookie; null without valid credentials. */
export function identify(accessToken: string, { authorization, cookie }: Credentials, nowMs: number): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return isSameSecret(bearer, accessToken) ? LOCAL_ACTOR : null;
  const session = (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${SESSION_COOKIE}=`));
  return session ? readSession(accessToken, session.slice(SESSION_COOKIE.length + 1), nowMs) : null;
}
