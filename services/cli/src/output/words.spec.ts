import { describe, expect, it } from '@jest/globals';
import { bytesOf, durationOf, momentOf } from './words.js';

describe('words for numbers', () => {
  it.each([
    [bytesOf(0), '0 B'],
    [bytesOf(1536), '1.5 KiB'],
    [bytesOf(3 * 2 ** 40), '3.0 TiB'],
    [durationOf(0.44), '0.4 s'],
    [durationOf(9.97), '10 s'],
    [durationOf(59.7), '1 min 00 s'],
    [durationOf(3599.6), '1 h 00 min'],
    [durationOf(3840), '1 h 04 min'],
    [momentOf('2026-11-25T16:20:00'), '2026-11-25 16:20'],
    [momentOf(null), ''],
  ])('%s', (words, expected) => expect(words).toBe(expected));
});
