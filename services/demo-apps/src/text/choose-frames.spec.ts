import { describe, expect, it } from '@jest/globals';
import { chooseFrames } from './choose-frames.js';

describe('the frames of a shot', () => {
  it('are only the middle frame of a short shot', () => {
    expect(chooseFrames({ start: 1000, end: 4000 }, 5000)).toEqual([2500]);
  });

  it('are evenly spaced over a long shot', () => {
    expect(chooseFrames({ start: 0, end: 20_000 }, 5000)).toEqual([2500, 7500, 12_500, 17_500]);
  });

  it('are never at the edge of a shot', () => {
    const times = chooseFrames({ start: 3000, end: 60_000 }, 700);
    expect(Math.min(...times)).toBeGreaterThan(3000);
    expect(Math.max(...times)).toBeLessThan(60_000);
  });
});
