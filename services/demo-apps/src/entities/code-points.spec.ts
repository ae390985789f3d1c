import { describe, expect, it } from '@jest/globals';
import { toCodePoints } from './code-points.js';

describe('positions in code points', () => {
  it('count a character outside the basic plane once', () => {
    expect(toCodePoints('🎬 Boston')(3)).toBe(2);
  });

  it('equal UTF-16 positions in text without such characters', () => {
    expect(toCodePoints('Čapek, Boston')(7)).toBe(7);
  });
});
