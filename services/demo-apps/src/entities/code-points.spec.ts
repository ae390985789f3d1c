import { describe, expect, it } from '@jest/globals';
import { toCodePoints } from './code-points.js';

describe('positions in code points', () => {
  it('count a character outside the basic plane once', () => {
    expect(toCodePoints('🎬 Boston')(3)).toBe(2);
  });

  it('do not change in plain text', () => {
    expect(toCodePoints('Čapek, Boston')(7)).toBe(7);
  });
});
