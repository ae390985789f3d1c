import { describe, expect, it } from '@jest/globals';
import { retryDelay, type RequestFailure, failureOf } from './retry.js';

const unreachable: RequestFailure = { kind: 'unreachable' };
const broken: RequestFailure = { kind: 'broken' };
const status = (code: number, retryAfter: string | null = null): RequestFailure => ({
  kind: 'status',
  status: code,
  retryAfter,
});

describe(retryDelay, () => {
  it.each<[string, RequestFailure[], number | null]>([
    ['waits 250 ms after a broken connection', [broken], 250],
    ['waits longer after each failure', [broken, broken, broken], 1000],
    ['gives up after the fifth retry', Array.from({ length: 6 }, () => broken), null],
    ['gives up on an address that was never reachable', [unreachable], null],
    ['waits for an address that was reachable before', [broken, unreachable], 500],
    ['retries while the database is not available', [status(503)], 250],
    ['waits as long as Retry-After requests', [status(429, '7')], 7000],
    ['gives up if Retry-After requests more than a minute', [status(429, '3600')], null],
    ['ignores a date in Retry-After', [status(503, 'Fri, 01 Jan 2027 00:00:00 GMT')], 250],
    ['does not retry a rejected request', [status(422)], null],
    ['does not retry an internal error', [status(500)], null],
  ])('%s', (_, failures, expected) => expect(retryDelay(failures)).toBe(expected));
});

describe(failureOf, () => {
  const failed = (cause: object) => new TypeError('fetch failed', { cause });

  it('recognises an unreachable address', () => {
    expect(failureOf(failed({ code: 'ECONNREFUSED' }))).toEqual(unreachable);
    expect(failureOf(failed({ errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }] }))).toEqual(unreachable);
  });

  it('treats an unknown cause as a broken connection', () => {
    expect(failureOf(failed({ code: 'UND_ERR_SOCKET' }))).toEqual(broken);
    expect(failureOf(new TypeError('terminated'))).toEqual(broken);
  });

  it('ignores errors that do not come from the connection', () => {
    expect(failureOf(new Error('fetch failed'))).toBeNull();
    expect(failureOf(new TypeError('x is not a function'))).toBeNull();
    expect(failureOf(new DOMException('stop', 'AbortError'))).toBeNull();
  });
});
