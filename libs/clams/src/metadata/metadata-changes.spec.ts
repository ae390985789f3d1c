import { describe, expect, it } from '@jest/globals';
import { metadataChanges } from './metadata-changes.js';

const threshold = { name: 'threshold', type: 'number', default: 0.5 };
const base = { name: 'Toy', description: 'old', parameters: [threshold, { name: 'mode', type: 'string' }] };

describe('metadataChanges', () => {
  it('finds none in the same metadata, in whatever order its parameters come', () => {
    expect(metadataChanges(base, { ...base, parameters: [...base.parameters].reverse() })).toEqual([]);
  });

  it('names what is new, gone and changed', () => {
    const now = {
      name: 'Toy',
      url: 'x',
      parameters: [
        { ...threshold, default: 0.7 },
        { name: 'extra', type: 'string' },
      ],
    };
    expect(metadataChanges(base, now)).toEqual([
      'The entry "description" is gone.',
      'The entry "url" is new.',
      'The parameter "threshold" has changed.',
      'The parameter "mode" is gone.',
      'The parameter "extra" is new.',
    ]);
  });

  it('does not break on what is no metadata', () => {
    expect(metadataChanges(null, base)).toEqual(['Everything has changed.']);
    expect(metadataChanges({ parameters: 'x' }, { parameters: 'y' })).toEqual([]);
  });
});
