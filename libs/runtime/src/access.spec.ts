import { describe, expect, it } from '@jest/globals';
import {
  createSession,
  identify,
  isSameSecret,
  LOCAL_ACTOR,
  readSession,
  SESSION_COOKIE,
  SESSION_SECONDS,
} from './access.js';

const TOKEN = 'token-of-this-installation-0123456789';
const NOW = Date.UTC(2026, 0, 1);
const LATER = NOW + SESSION_SECONDS * 1000;

describe('a session', () => {
  it('returns its actor until it expires', () => {
    const session = createSession(TOKEN, NOW, 'kc');
    expect(readSession(TOKEN, session, NOW)).toBe('kc');
    expect(readSession(TOKEN, session, LATER - 1)).toBe('kc');
  });

  it('is invalid after its lifetime', () => {
    expect(readSession(TOKEN, createSession(TOKEN, NOW), LATER)).toBeNull();
  });

  it('is invalid after the access token was changed', () => {
    expect(readSession('another-token', createSession(TOKEN, NOW), NOW)).toBeNull();
  });

  it('is invalid when its actor, expiry or signature was changed', () => {
    const [actor, expiry, signature] = createSession(TOKEN, NOW).split('.');
    expect(readSession(TOKEN, `admin.${expiry}.${signature}`, NOW)).toBeNull();
    expect(readSession(TOKEN, `${actor}.${Number(expiry) + 1}.${signature}`, NOW)).toBeNull();
    expect(readSession(TOKEN, `${actor}.${expiry}.${signature!.slice(1)}`, NOW)).toBeNull();
  });

  it.each(['', '.', '..', 'local', `local.${LATER}`, `local.${LATER}.`, `local.${LATER}.a.b`])(
    'is invalid when it is %j',
    (cookie) => {
      expect(readSession(TOKEN, cookie, NOW)).toBeNull();
    },
  );

  it('does not contain the access token', () => {
    expect(createSession(TOKEN, NOW)).not.toContain(TOKEN);
  });
});

describe(identify, () => {
  const session = `${SESSION_COOKIE}=${createSession(TOKEN, NOW, 'kc')}`;

  it('identifies a program by its bearer token and a browser by its session', () => {
    expect(identify(TOKEN, { authorization: `Bearer ${TOKEN}` }, NOW)).toBe(LOCAL_ACTOR);
    expect(identify(TOKEN, { authorization: `bearer ${TOKEN}` }, NOW)).toBe(LOCAL_ACTOR);
    expect(identify(TOKEN, { cookie: session }, NOW)).toBe('kc');
  });

  it('finds the session among other cookies', () => {
    expect(identify(TOKEN, { cookie: `theme=dark; x${SESSION_COOKIE}=forged; ${session}; z=1` }, NOW)).toBe('kc');
  });

  it('identifies no one without credentials', () => {
    expect(identify(TOKEN, {}, NOW)).toBeNull();
    expect(identify(TOKEN, { cookie: 'theme=dark' }, NOW)).toBeNull();
  });

  it('does not fall back to the session when the bearer token is wrong', () => {
    expect(identify(TOKEN, { authorization: 'Bearer wrong', cookie: session }, NOW)).toBeNull();
  });

  it.each(['Bearer ', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN} x`])('rejects %j as a bearer token', (header) => {
    expect(identify(TOKEN, { authorization: header }, NOW)).toBeNull();
  });
});

describe(isSameSecret, () => {
  it('compares secrets of any length', () => {
    expect(isSameSecret(TOKEN, TOKEN)).toBe(true);
    expect(isSameSecret(TOKEN, `${TOKEN}x`)).toBe(false);
    expect(isSameSecret('', TOKEN)).toBe(false);
  });
});
