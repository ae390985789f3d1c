import { describe, expect, it } from '@jest/globals';
import { pageOfRows, pageQuerySchema, sliceOf } from './page.js';

const query = (change: object = {}) => pageQuerySchema.parse({ limit: '2', ...change });
const page = (ids: number[]) =>
  pageOfRows(
    'things',
    ids.map((id) => ({ id })),
    query(),
    ({ id }) => id,
  );

describe('pages', () => {
  it('continue after the last row shown if there is another one', () => {
    const { items, next } = page([7, 8, 9]);
    expect(items).toEqual([{ id: 7 }, { id: 8 }]);
    expect(sliceOf('things', query({ cursor: next }))).toEqual({ after: 8, limit: 3 });
  });

  it.each([[[]], [[7]], [[7, 8]]])('end after %j', (ids) => {
    expect(page(ids)).toEqual({ items: ids.map((id) => ({ id })), next: null });
  });

  it('start at the first row with 50 rows by default', () => {
    expect(sliceOf('things', pageQuerySchema.parse({}))).toEqual({ after: null, limit: 51 });
  });

  it('reject the cursor of another list', () => {
    const { next } = page([7, 8, 9]);
    expect(() => sliceOf('others', query({ cursor: next }))).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ status: 400, detail: expect.stringContaining('without a cursor') }),
      }),
    );
  });

  it('reject a cursor beyond the largest key', () => {
    const { next } = page([2 ** 31, 2 ** 31 + 1, 2 ** 31 + 2]);
    expect(() => sliceOf('things', query({ cursor: next }))).toThrow(/without a cursor/);
    expect(sliceOf('things', query({ cursor: next }), Number.MAX_SAFE_INTEGER)).toMatchObject({ after: 2 ** 31 + 1 });
  });

  it('accept a cursor with the largest key', () => {
    const { next } = page([1, 2 ** 31 - 1, 2 ** 31]);
    expect(sliceOf('things', query({ cursor: next }))).toMatchObject({ after: 2 ** 31 - 1 });
  });

  it('reject a cursor of more than 500 characters', () => {
    const accepts = (length: number) => pageQuerySchema.safeParse({ cursor: 'x'.repeat(length) }).success;
    expect([500, 501].map(accepts)).toEqual([true, false]);
  });

  it('have from 1 to 200 rows', () => {
    expect(['1', '200'].map((limit) => pageQuerySchema.parse({ limit }).limit)).toEqual([1, 200]);
  });

  it.each(['', 'nonsense', Buffer.from('["things"]').toString('base64url'), Buffer.from('7').toString('base64url')])(
    'reject the cursor %p',
    (cursor) => expect(() => sliceOf('things', query({ cursor }))).toThrow(/without a cursor/),
  );

  it.each(['0', '201', '-1', '1.5', 'many', ''])('reject a limit of %p', (limit) => {
    expect(pageQuerySchema.safeParse({ limit }).success).toBe(false);
  });
});
