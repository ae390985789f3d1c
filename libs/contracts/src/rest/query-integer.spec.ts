import { describe, expect, it } from '@jest/globals';
import { queryInteger } from './query-integer.js';

describe('queryInteger', () => {
  it.each([
    ['0', 0],
    ['31', 31],
    ['007', 7],
    [5, 5],
  ])('reads %j', (given, number) => expect(queryInteger(0, 31).parse(given)).toBe(number));

  it.each(['', ' ', '1e1', '0x1f', '+1', '-1', '1.5', '32', 'x', null, ['1', '2'], true])('refuses %j', (given) =>
    expect(queryInteger(0, 31).safeParse(given).success).toBe(false),
  );

  it('may be left out where that is allowed, and is a number in the description', () => {
    expect(queryInteger(0, 31).optional().parse(undefined)).toBeUndefined();
    expect(queryInteger(1, 200).default(50).parse(undefined)).toBe(50);
    expect(queryInteger(0, 31).toJSONSchema({ io: 'input' })).toMatchObject({
      type: 'integer',
      minimum: 0,
      maximum: 31,
    });
  });
});
