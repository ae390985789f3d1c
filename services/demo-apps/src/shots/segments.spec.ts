import { describe, expect, it } from '@jest/globals';
import { segmentsOf } from './segments.js';

describe('segments of samples', () => {
  it('start at the first and end after the last true sample', () => {
    expect(segmentsOf([false, true, true, true, false, true, true], 250, 500)).toEqual([
      { start: 250, end: 1000 },
      { start: 1250, end: 1750 },
    ]);
  });

  it('are omitted if they are too short', () => {
    expect(segmentsOf([true, false, true, true], 250, 500)).toEqual([{ start: 500, end: 1000 }]);
  });
});
