import { describe, expect, it } from '@jest/globals';
import { ValueError } from '#libs/clams';
import { requireWithin } from './require-within.js';

describe('the limits of a parameter', () => {
  it('are inclusive', () => {
    expect(() => requireWithin('threshold', 0, [0, 1])).not.toThrow();
    expect(() => requireWithin('threshold', 1, [0, 1])).not.toThrow();
  });

  it('reject values outside, and values that are not numbers', () => {
    expect(() => requireWithin('threshold', 1.5, [0, 1])).toThrow(ValueError);
    expect(() => requireWithin('interval', Number.NaN, [100, 200])).toThrow(
      'Parameter interval is NaN, but must be between 100 and 200.',
    );
  });
});
