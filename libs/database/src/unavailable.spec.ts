import { describe, expect, it } from '@jest/globals';
import { isCollision, isUnavailable, isUnrecordable } from './index.js';

const error = (code: string | undefined, message = 'x') => Object.assign(new Error(message), code ? { code } : {});

describe('errors of the database', () => {
  it.each([
    ['nobody listens', error('ECONNREFUSED'), true, false],
    ['the server shuts down', error('57P01'), true, false],
    ['too many connections', error('53300'), true, false],
    ['the database is gone', error('3D000'), true, false],
    ['the connection broke', error(undefined, 'Connection terminated unexpectedly'), true, false],
    ['no connection became free', error(undefined, 'timeout exceeded when trying to connect'), true, false],
    ['a text with NUL', error('22021'), false, true],
    ['a missing reference', error('23503'), false, true],
    ['a text too long for an index', error('54000'), false, true],
    ['a deadlock', error('40P01'), false, false],
    ['a table that is not there', error('42P01'), false, false],
    ['a file that is not there', error('ENOENT'), false, false],
    ['no error', 'ECONNREFUSED', false, false],
  ])('%s', (_, given, unavailable, unrecordable) => {
    expect([isUnavailable(given), isUnrecordable(given)]).toEqual([unavailable, unrecordable]);
  });

  it('knows a transaction that another one was in the way of, and no other error', () => {
    expect(['40P01', '40001', '42P01', undefined].map((code) => isCollision(error(code)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
