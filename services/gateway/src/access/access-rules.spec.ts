import { describe, expect, it } from '@jest/globals';
import { refusal, type Visit } from './access-rules.js';

const refused = (visit: Partial<Visit>, allowed: string[] = []) =>
  refusal({ method: 'GET', headers: { host: 'localhost:8080' }, ...visit }, allowed)?.problem.status ?? null;

describe('refusal', () => {
  it.each([
    ['127.0.0.1', null],
    ['127.0.0.1:8080', null],
    ['localhost:8080', null],
    ['LocalHost', null],
    ['[::1]:8080', null],
    ['chowda.example.org', null],
    ['sub.chowda.example.org', 421],
    ['evil.example.org', 421],
    ['localhost.evil.org', 421],
    ['127.0.0.1.evil.org', 421],
    ['192.168.0.1', 421],
    ['[::2]', 421],
    ['', 421],
    [undefined, 421],
    ['not a host', 421],
  ])('answers the host %p with %p', (host, expected) => {
    expect(refused({ headers: { host } }, ['Chowda.Example.org'])).toBe(expected);
  });

  it.each([
    ['GET', undefined, false, null],
    ['GET', 'http://evil.example.org', false, null],
    ['HEAD', 'null', false, null],
    ['POST', undefined, false, null],
    ['POST', 'http://localhost:8080', false, null],
    ['POST', 'https://localhost:8080', false, null],
    ['POST', 'http://localhost:8081', false, 403],
    ['POST', 'http://localhost', false, 403],
    ['POST', 'http://127.0.0.1:8080', false, 403],
    ['POST', 'null', false, 403],
    ['POST', '', false, 403],
    ['DELETE', 'http://evil.example.org', false, 403],
    ['GET', undefined, true, null],
    ['GET', 'http://localhost:8080', true, null],
    ['GET', 'http://evil.example.org', true, 403],
    ['GET', 'null', true, 403],
  ])('answers %s from origin %p (websocket: %p) with %p', (method, origin, isUpgrade, expected) => {
    expect(refused({ method, isUpgrade, headers: { host: 'localhost:8080', origin } })).toBe(expected);
  });
});
