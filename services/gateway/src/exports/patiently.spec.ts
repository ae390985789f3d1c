import { describe, expect, it } from '@jest/globals';
import { patiently } from './patiently.js';

const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** What becomes of a reading that fails in these ways before it succeeds, and the pauses meanwhile. */
async function reading(...failures: Error[]) {
  const pauses: number[] = [];
  const left = [...failures];
  const result = await patiently(
    () => {
      const failure = left.shift();
      return failure ? Promise.reject(failure) : Promise.resolve('read');
    },
    (pause) => Promise.resolve(pauses.push(pause)),
  ).catch((error: Error) => error.message);
  return { result, pauses };
}

describe('patiently', () => {
  it('reads again, in longer and longer pauses, while the database is away', async () => {
    expect(await reading(away(), away(), away())).toEqual({ result: 'read', pauses: [1000, 2000, 4000] });
  });

  it('gives up in the end', async () => {
    const { result, pauses } = await reading(...Array.from({ length: 6 }, away));
    expect(result).toBe('connect ECONNREFUSED');
    expect(pauses).toHaveLength(5);
  });

  it('does not repeat what will fail again', async () => {
    expect(await reading(new Error('no such column'))).toEqual({ result: 'no such column', pauses: [] });
  });
});
