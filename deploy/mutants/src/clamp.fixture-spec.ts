import { describe, expect, it } from '@jest/globals';
import { clamp } from './clamp.fixture.js';

describe(clamp, () => {
  it.each([
    [0, 1],
    [2, 2],
  ])('raises %d to at least the low end', (value, clamped) => {
    expect(clamp(value, 1, 3)).toBe(clamped);
  });
});
