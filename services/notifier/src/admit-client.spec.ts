import { describe, expect, it } from '@jest/globals';
import { createSession, SESSION_COOKIE, SESSION_SECONDS } from '#libs/runtime';
import { refusal, SIGN_IN_AGAIN } from './admit-client.js';

const NOW = 1_800_000_000_000;
const accessToken = 'a'.repeat(32);
const cookie = `${SESSION_COOKIE}=${createSession(accessToken, NOW)}`;
const rules = { accessToken, allowedOrigins: ['https://chowda.example.org'] };

describe('the admission of a client', () => {
  it('accepts a session cookie from a page of the same host', () => {
    expect(refusal({ cookie, host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }, rules, NOW)).toBeNull();
  });

  it('accepts a page of an allowed origin and a program with the bearer token', () => {
    expect(refusal({ cookie, host: 'inner:8081', origin: 'https://chowda.example.org' }, rules, NOW)).toBeNull();
    expect(refusal({ authorization: `Bearer ${accessToken}`, host: 'inner:8081' }, rules, NOW)).toBeNull();
  });

  it('rejects a page of another site, even with a valid cookie', () => {
    const headers = { cookie, host: '127.0.0.1:8080', origin: 'https://evil.example' };
    expect(refusal(headers, rules, NOW)).toMatch(/ALLOWED_ORIGINS/);
    expect(refusal({ ...headers, origin: 'null' }, rules, NOW)).toMatch(/ALLOWED_ORIGINS/);
  });

  it('requires a new sign-in without credentials, with a wrong token, and after the session has expired', () => {
    const host = '127.0.0.1:8080';
    expect(refusal({ host }, rules, NOW)).toBe(SIGN_IN_AGAIN);
    expect(refusal({ host, authorization: 'Bearer wrong' }, rules, NOW)).toBe(SIGN_IN_AGAIN);
    expect(refusal({ host, cookie }, rules, NOW + SESSION_SECONDS * 1000)).toBe(SIGN_IN_AGAIN);
  });
});
