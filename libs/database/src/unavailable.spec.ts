import { describe, expect, it } from '@jest/globals';
import { isCollision, isUnavailable, isUnrecordable } from './index.js';

const error = (code: string | undefined, message = 'x') => Object.assign(new Error(message), code ? { code } : {});

describe('the classification of database errors', () => {
  it.each([
    ['a refused connection', error('ECONNREFUSED'), true, false],
    ['a server shutdown', error('57P01'), true, false],
    ['too many connections', error('53300'), true, false],
    ['a missing database', error('3D000'), true, false],
    ['a broken connection', error(undefined, 'Connection terminated unexpectedly'), true, false],
    ['an exhausted connection pool', error(undefined, 'timeout exceeded when trying to connect'), true, false],
    ['a text with NUL', error('22021'), false, true],
    ['a missing reference', error('23503'), false, true],
    ['a text too long for an index', error('54000'), false, true],
    ['a deadlock', error('40P01'), false, false],
    ['a missing table', error('42P01'), false, false],
    ['a missing file', error('ENOENT'), false, false],
    ['a value that is not an error', 'ECONNREFUSED', false, false],
  ])('covers %s', (_, given, unavailable, unrecordable) => {
    expect([isUnavailable(given), isUnrecordable(given)]).toEqual([unavailable, unrecordable]);
  });

  it('recognises a conflict of two transactions and no other error', () => {
    expect(['40P01', '40001', '42P01', undefined].map((code) => isCollision(error(code)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
