import { createHmac } from 'node:crypto';
import { isSameSecret } from '#libs/runtime';

/** A player that is still open after this time requests a new link. */
export const LINK_SECONDS = 3600;

const sign = (accessToken: string, claim: string) =>
  createHmac('sha256', accessToken).update(`chowda-media:${claim}`).digest('base64url');

/** A token to play one media file without signing in: `<id>-<expiry in seconds since 1970>.<signature>`. */
export function createMediaToken(accessToken: string, id: number, expiresAtSeconds: number): string {
  const claim = `${id}-${expiresAtSeconds}`;
  return `${claim}.${sign(accessToken, claim)}`;
}

/** The media file id of a token, or why the token is not valid. */
export function readMediaToken(accessToken: string, token: string, nowMs: number): number | 'forged' | 'expired' {
  const [claim, signature] = token.split('.');
  const parts = /^(\d{1,15})-(\d{1,12})$/.exec(claim ?? '');
  if (!parts || signature === undefined || !isSameSecret(token, `${claim}.${sign(accessToken, claim!)}`))
    return 'forged';
  return Number(parts[2]) * 1000 > nowMs ? Number(parts[1]) : 'expired';
}
