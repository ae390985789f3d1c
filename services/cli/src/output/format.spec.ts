import { describe, expect, it } from '@jest/globals';
import { formatBytes, formatDuration, formatTime } from './format.js';

describe('the number formats', () => {
  it.each([
    [formatBytes(0), '0 B'],
    [formatBytes(1536), '1.5 KiB'],
    [formatBytes(3 * 2 ** 40), '3.0 TiB'],
    [formatDuration(0.44), '0.4 s'],
    [formatDuration(9.97), '10 s'],
    [formatDuration(59.7), '1 min 00 s'],
    [formatDuration(3599.6), '1 h 00 min'],
    [formatDuration(3840), '1 h 04 min'],
    [formatTime('2026-11-25T16:20:00'), '2026-11-25 16:20'],
    [formatTime(null), ''],
  ])('produce %s', (text, expected) => expect(text).toBe(expected));
});
