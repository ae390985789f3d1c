import { describe, expect, it } from '@jest/globals';
import { deletionSentence } from './deletion-sentence.js';
import { byteSize } from './byte-size.js';

describe('deletionSentence', () => {
  const nothing = { documents: 0, bytes: 0 };
  const batch = { batch: 5, name: 'News', state: 'finished', runs: 2, goes: nothing, stays: nothing } as const;

  it.each([
    [{}, 'Deleting batch 5 "News" removes 2 runs.'],
    [
      { runs: 1, goes: { documents: 1, bytes: 512 } },
      'Deleting batch 5 "News" removes 1 run and 1 document (512 bytes).',
    ],
    [
      { goes: { documents: 1200, bytes: 4_200_000 }, stays: { documents: 2, bytes: 1000 } },
      'Deleting batch 5 "News" removes 2 runs and 1,200 documents (4.2 MB); 2 documents (1.0 KB) are kept, because other batches use them.',
    ],
    [
      { stays: { documents: 1, bytes: 1 } },
      'Deleting batch 5 "News" removes 2 runs; 1 document (1 byte) is kept, because another batch uses it.',
    ],
    [{ state: 'running' }, 'Batch 5 is running. Cancel it, or wait until it has finished.'],
  ] as const)('describes what is removed and what is kept for %j', (change, expected) => {
    expect(deletionSentence({ ...batch, ...change })).toBe(expected);
  });
});

describe('byteSize', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [123_456_789, '123 MB'],
    [5e12, '5.0 TB'],
    [5e15, '5000 TB'],
  ])('formats %d bytes as %s', (bytes, expected) => {
    expect(byteSize(bytes)).toBe(expected);
  });
});
