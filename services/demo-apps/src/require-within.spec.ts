import { describe, expect, it } from '@jest/globals';
import { ValueError } from '#libs/clams';
import { requireWithin } from './require-within.js';

describe('the limits of a parameter', () => {
  it('let both ends pass', () => {
    expect(() => requireWithin('threshold', 0, [0, 1])).not.toThrow();
    expect(() => requireWithin('threshold', 1, [0, 1])).not.toThrow();
  });

  it('stop what is outside, and what is no number', () => {
    expect(() => requireWithin('threshold', 1.5, [0, 1])).toThrow(ValueError);
    expect(() => requireWithin('interval', Number.NaN, [100, 200])).toThrow(
      'Parameter interval is NaN, but must lie between 100 and 200.',
    );
  });
});
