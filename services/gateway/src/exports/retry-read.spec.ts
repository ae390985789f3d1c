import { describe, expect, it } from '@jest/globals';
import { retryRead } from './retry-read.js';

const unavailable = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Result and delays, in milliseconds, of a read that fails with these errors before it succeeds. */
async function readAfter(...failures: Error[]) {
  const delays: number[] = [];
  const left = [...failures];
  const result = await retryRead(
    () => {
      const failure = left.shift();
      return failure ? Promise.reject(failure) : Promise.resolve('read');
    },
    (delay) => Promise.resolve(delays.push(delay)),
  ).catch((error: Error) => error.message);
  return { result, delays };
}

describe('retryRead', () => {
  it('repeats the read with growing delays while the database is unavailable', async () => {
    expect(await readAfter(unavailable(), unavailable(), unavailable())).toEqual({
      result: 'read',
      delays: [1000, 2000, 4000],
    });
  });

  it('throws the last error after five delays', async () => {
    const { result, delays } = await readAfter(...Array.from({ length: 6 }, unavailable));
    expect(result).toBe('connect ECONNREFUSED');
    expect(delays).toHaveLength(5);
  });

  it('does not repeat a read that failed for another reason', async () => {
    expect(await readAfter(new Error('no such column'))).toEqual({ result: 'no such column', delays: [] });
  });
});
