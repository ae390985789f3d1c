import { describe, expect, it } from '@jest/globals';
import { queryInteger } from './query-integer.js';

describe('an integer in a query', () => {
  it.each([
    ['0', 0],
    ['31', 31],
    ['007', 7],
    [5, 5],
  ])('is accepted as %j', (given, number) => expect(queryInteger(0, 31).parse(given)).toBe(number));

  it.each(['', ' ', '1e1', '0x1f', '+1', '-1', '1.5', '32', 'x', null, ['1', '2'], true])(
    'is rejected as %j',
    (given) => expect(queryInteger(0, 31).safeParse(given).success).toBe(false),
  );

  it('names the limit that it breaks', () => {
    const messageOf = (given: string) => queryInteger(1, 200).safeParse(given).error?.issues[0]?.message;
    expect(messageOf('500')).toBe('must be at most 200');
    expect(messageOf('0')).toBe('must be at least 1');
  });

  it('can be optional or have a default, and is an integer in the JSON schema', () => {
    expect(queryInteger(0, 31).optional().parse(undefined)).toBeUndefined();
    expect(queryInteger(1, 200).default(50).parse(undefined)).toBe(50);
    expect(queryInteger(0, 31).toJSONSchema({ io: 'input' })).toMatchObject({
      type: 'integer',
      minimum: 0,
      maximum: 31,
    });
  });
});
