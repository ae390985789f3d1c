import { describe, expect, it } from '@jest/globals';
import { isPublishedLate } from './late-publication.js';

const STORED = '1790000000123456789';
const MS = 1_790_000_000_123;

describe('isPublishedLate', () => {
  it.each([
    ['right after the previous stage was settled', MS - 40],
    ['slightly before that, by the clock of its publisher', MS + 40],
    ['exactly a second after that', MS - 1000],
  ])('is false for a message that was stored %s', (_, decided) => {
    expect(isPublishedLate(String(decided), STORED)).toBe(false);
  });

  it.each([
    ['was stored long after the previous stage was settled', String(MS - 90_000)],
    ['was stored just over a second after that', String(MS - 1001)],
    ['comes from a publisher whose clock is far ahead', String(MS + 90_000)],
    ['has an unreadable time', 'yesterday'],
  ])('is true for a message that %s', (_, decided) => {
    expect(isPublishedLate(decided, STORED)).toBe(true);
  });

  it('is false for the first message of a lineage, which has no such time', () => {
    expect(isPublishedLate(undefined, STORED)).toBe(false);
  });
});
