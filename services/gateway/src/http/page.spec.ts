import { describe, expect, it } from '@jest/globals';
import { pageOfRows, pageQuerySchema, sliceOf } from './page.js';
import { ProblemError } from './problem-error.js';

const query = (change: object = {}) => pageQuerySchema.parse({ limit: '2', ...change });
const page = (ids: number[]) =>
  pageOfRows(
    'things',
    ids.map((id) => ({ id })),
    query(),
    ({ id }) => id,
  );

describe('pages', () => {
  it('go on after the last row shown, as long as there is one more', () => {
    const { items, next } = page([7, 8, 9]);
    expect(items).toEqual([{ id: 7 }, { id: 8 }]);
    expect(sliceOf('things', query({ cursor: next }))).toEqual({ after: 8, limit: 3 });
  });

  it.each([[[]], [[7]], [[7, 8]]])('end with %j', (ids) => {
    expect(page(ids)).toEqual({ items: ids.map((id) => ({ id })), next: null });
  });

  it('begin at the first row, fifty rows long, unless something else is asked', () => {
    expect(sliceOf('things', pageQuerySchema.parse({}))).toEqual({ after: null, limit: 51 });
  });

  it('refuse the cursor of another list although its key is valid here', () => {
    const { next } = page([7, 8, 9]);
    expect(() => sliceOf('others', query({ cursor: next }))).toThrow(ProblemError);
  });

  it('refuse a cursor beyond the largest key', () => {
    const { next } = page([2 ** 31, 2 ** 31 + 1, 2 ** 31 + 2]);
    expect(() => sliceOf('things', query({ cursor: next }))).toThrow(/Leave the cursor out/);
    expect(sliceOf('things', query({ cursor: next }), Number.MAX_SAFE_INTEGER)).toMatchObject({ after: 2 ** 31 + 1 });
  });

  it.each(['', 'nonsense', Buffer.from('["things"]').toString('base64url'), Buffer.from('7').toString('base64url')])(
    'refuse the cursor %p',
    (cursor) => expect(() => sliceOf('things', query({ cursor }))).toThrow(/Leave the cursor out/),
  );

  it.each(['0', '201', '-1', '1.5', 'many', ''])('do not have %p rows', (limit) => {
    expect(pageQuerySchema.safeParse({ limit }).success).toBe(false);
  });
});
