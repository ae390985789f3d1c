import { describe, expect, it } from '@jest/globals';
import { stretchesOf } from './stretches.js';

describe('stretches of samples', () => {
  it('begin with the first and end behind the last sample that holds', () => {
    expect(stretchesOf([false, true, true, true, false, true, true], 250, 500)).toEqual([
      { start: 250, end: 1000 },
      { start: 1250, end: 1750 },
    ]);
  });

  it('are left out when they are too short', () => {
    expect(stretchesOf([true, false, true, true], 250, 500)).toEqual([{ start: 500, end: 1000 }]);
  });
});
