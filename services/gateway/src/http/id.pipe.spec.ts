import { describe, expect, it } from '@jest/globals';
import { IdPipe } from './id.pipe.js';

describe(IdPipe, () => {
  it.each(['0', '7', '2147483647'])('reads %s', (text) =>
    expect(new IdPipe('batch').transform(text)).toBe(Number(text)),
  );

  it.each(['', ' 7', '-1', '+1', '1.5', '1e3', '0x7', 'seven', '2147483648', '9'.repeat(17)])(
    'rejects %p as an unknown batch',
    (text) => expect(() => new IdPipe('batch').transform(text)).toThrow(/There is no batch/),
  );

  it('reads IDs up to its maximum', () => {
    expect(new IdPipe('run', Number.MAX_SAFE_INTEGER).transform('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => new IdPipe('run', Number.MAX_SAFE_INTEGER).transform('9007199254740993')).toThrow(/There is no run/);
  });
});
