import { describe, expect, it } from '@jest/globals';
import { reportOf, shareKilled } from './report.js';
import { sampleOf } from './sample.js';

const mutant = { file: 'libs/a/src/b.ts', line: 2, start: 0, end: 1, original: '<', replacement: '<=' };

describe(reportOf, () => {
  it('shows one line for each file, its survivors, and the total', () => {
    expect(reportOf([{ file: mutant.file, killed: 3, survived: [mutant] }])).toBe(
      [
        '    3 killed    1 survived  libs/a/src/b.ts',
        '        2: <  ->  <=',
        '3 killed, 1 survived: 75.0 % killed.',
      ].join('\n'),
    );
  });
});

describe(shareKilled, () => {
  it('returns 1 without mutants', () => {
    expect(shareKilled([])).toBe(1);
  });
});

describe(sampleOf, () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  it('returns the same items in order for the same seed, and others for another seed', () => {
    const sample = sampleOf(items, 10, 1);
    expect(sample).toEqual(sampleOf(items, 10, 1));
    expect(sample).toEqual(sample.toSorted((left, right) => left - right));
    expect(sample).not.toEqual(sampleOf(items, 10, 2));
  });
});
