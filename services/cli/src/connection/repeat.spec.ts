import { describe, expect, it } from '@jest/globals';
import { repeatAfter, type Trouble, troubleOf } from './repeat.js';

const nobody: Trouble = { kind: 'nobody' };
const broken: Trouble = { kind: 'broken' };
const status = (code: number, retryAfter: string | null = null): Trouble => ({
  kind: 'status',
  status: code,
  retryAfter,
});

describe(repeatAfter, () => {
  it.each<[string, Trouble[], number | null]>([
    ['waits a little after a connection that broke', [broken], 250],
    ['waits longer each time', [broken, broken, broken], 1000],
    ['gives up after the fifth repetition', Array.from({ length: 6 }, () => broken), null],
    ['does not wait for an address where nobody ever was', [nobody], null],
    ['waits for somebody who was there before', [broken, nobody], 500],
    ['comes again when the database is away', [status(503)], 250],
    ['comes again when it is told to', [status(429, '7')], 7000],
    ['does not wait for minutes', [status(429, '3600')], null],
    ['takes a date in Retry-After for nothing', [status(503, 'Fri, 01 Jan 2027 00:00:00 GMT')], 250],
    ['does not repeat what was refused', [status(422)], null],
    ['does not repeat what went wrong', [status(500)], null],
  ])('%s', (_, troubles, expected) => expect(repeatAfter(troubles)).toBe(expected));
});

describe(troubleOf, () => {
  const failed = (cause: object) => new TypeError('fetch failed', { cause });

  it('knows an address where nobody listens', () => {
    expect(troubleOf(failed({ code: 'ECONNREFUSED' }))).toEqual(nobody);
    expect(troubleOf(failed({ errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }] }))).toEqual(nobody);
  });

  it('takes what it does not know for a broken connection', () => {
    expect(troubleOf(failed({ code: 'UND_ERR_SOCKET' }))).toEqual(broken);
    expect(troubleOf(new TypeError('terminated'))).toEqual(broken);
  });

  it('does not take other errors for trouble', () => {
    expect(troubleOf(new Error('fetch failed'))).toBeNull();
    expect(troubleOf(new TypeError('x is not a function'))).toBeNull();
    expect(troubleOf(new DOMException('stop', 'AbortError'))).toBeNull();
  });
});
