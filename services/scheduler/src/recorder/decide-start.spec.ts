import { describe, expect, it } from '@jest/globals';
import { decideStart } from './decide-start.js';

describe('decideStart', () => {
  it.each([
    [
      'begins after the acknowledged events when Postgres has recorded them',
      80,
      100,
      { after: 80, isRolledBack: false },
    ],
    ['begins after the cursor when Postgres has lost acknowledged events', 100, 80, { after: 80, isRolledBack: true }],
    ['begins there when both agree', 80, 80, { after: 80, isRolledBack: false }],
    ['begins with the log when Postgres has recorded nothing of it', 100, null, { after: 0, isRolledBack: true }],
    ['begins with a new log', 0, null, { after: 0, isRolledBack: false }],
  ])('%s', (_, acknowledged, cursor, start) => {
    expect(decideStart({ acknowledged, first: 1 }, cursor)).toEqual(start);
  });

  it('does not take the floor of a new consumer on a log that counts from far above for lost transactions', () => {
    expect(decideStart({ acknowledged: 5000, first: 5001 }, null)).toEqual({ after: 0, isRolledBack: false });
  });
});
