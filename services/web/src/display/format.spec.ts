import { describe, expect, it } from '@jest/globals';
import { elapsed, formatBytes, formatDuration } from './format.js';

describe(formatDuration, () => {
  it.each([
    [-5, '0.0 s'],
    [400, '0.4 s'],
    [12_345, '12 s'],
    [59_700, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [30 * 3_600_000 + 240_000, '30 h 04 min'],
  ])('formats %d ms as "%s"', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe(elapsed, () => {
  it('measures to the end time, or to now without one; null without a start time', () => {
    const start = '2026-01-01T10:00:00Z';
    expect(elapsed(start, null, Date.parse(start) + 7)).toBe(7);
    expect(elapsed(start, '2026-01-01T10:00:02Z', Date.parse(start) + 7)).toBe(2000);
    expect(elapsed(null, null, 7)).toBeNull();
  });
});

describe(formatBytes, () => {
  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [1024, '1.0 KiB'],
    [3.4 * 1024 * 1024, '3.4 MiB'],
    [5000 * 1024 ** 3, '5000.0 GiB'],
  ])('formats %d bytes as "%s"', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
