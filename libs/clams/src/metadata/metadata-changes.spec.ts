import { describe, expect, it } from '@jest/globals';
import { metadataChanges } from './metadata-changes.js';

const threshold = { name: 'threshold', type: 'number', default: 0.5 };
const base = { name: 'Toy', description: 'old', parameters: [threshold, { name: 'mode', type: 'string' }] };

describe('metadataChanges', () => {
  it('finds none in the same metadata with parameters in another order', () => {
    expect(metadataChanges(base, { ...base, parameters: [...base.parameters].reverse() })).toEqual([]);
  });

  it('names added, removed and changed entries', () => {
    const now = {
      name: 'Toy',
      url: 'x',
      parameters: [
        { ...threshold, default: 0.7 },
        { name: 'extra', type: 'string' },
      ],
    };
    expect(metadataChanges(base, now)).toEqual([
      'The entry "description" was removed.',
      'The entry "url" was added.',
      'The parameter "threshold" has changed: default is 0.7 (was 0.5).',
      'The parameter "mode" was removed.',
      'The parameter "extra" was added.',
    ]);
  });

  it('describes the changes of a parameter, without long values', () => {
    const parameters = (parameter: object) => ({ parameters: [{ name: 'p', ...parameter }] });
    const changes = (before: object, now: object) => metadataChanges(parameters(before), parameters(now));
    expect(changes({ type: 'integer', choices: [1] }, { type: 'string', default: 'a' })).toEqual([
      'The parameter "p" has changed: type is "string" (was "integer"), choices was removed (was [1]), default is now "a".',
    ]);
    expect(changes({ description: 'x'.repeat(80) }, { description: 'short' })).toEqual([
      'The parameter "p" has changed: description.',
    ]);
  });

  it('names types that are read and written by their short names', () => {
    const type = (name: string, version: number) => ({
      '@type': `http://mmif.clams.ai/vocabulary/${name}/v${version}`,
    });
    const before = { input: [[type('VideoDocument', 1), type('AudioDocument', 1)]], output: [type('TimeFrame', 5)] };
    const now = { input: [type('VideoDocument', 1)], output: [type('TimeFrame', 5), type('TimePoint', 4)] };
    expect(metadataChanges(before, now)).toEqual([
      'It now reads VideoDocument.',
      'It no longer reads VideoDocument or AudioDocument.',
      'It now writes TimePoint.',
    ]);
    expect(metadataChanges({ output: [type('TimeFrame', 5)] }, { output: [type('TimeFrame', 6)] })).toEqual([
      'The entry "output" has changed.',
    ]);
    expect(metadataChanges({ output: 3 }, { output: [{ broken: true }] })).toHaveLength(1);
  });

  it('shows values of up to 60 characters', () => {
    const parameters = (parameter: object) => ({ parameters: [{ name: 'p', ...parameter }] });
    const changes = (before: object, now: object) => metadataChanges(parameters(before), parameters(now))[0];
    expect(changes({}, { description: 'x'.repeat(58) })).toContain(`description is now "${'x'.repeat(58)}"`);
    expect(changes({}, { description: 'x'.repeat(59) })).toContain('description was added');
    expect(changes({ description: 'x'.repeat(59) }, {})).toContain('description was removed.');
    expect(changes({ description: 'short' }, { description: 'x'.repeat(59) })).toContain('has changed: description.');
  });

  it('names an added or removed parameter without its details', () => {
    expect(metadataChanges({ parameters: [] }, { parameters: [threshold] })).toEqual([
      'The parameter "threshold" was added.',
    ]);
  });

  it('does not look for parameters and types in arrays and plain values', () => {
    expect(metadataChanges([1], [2])).toEqual(['Everything has changed.']);
    expect(metadataChanges([1], [1])).toEqual([]);
    expect(metadataChanges({ parameters: [null, ['x']] }, { parameters: [] })).toEqual([]);
    expect(metadataChanges({ output: ['TimeFrame', null] }, { output: ['TimeFrame'] })).toEqual([
      'It no longer writes null.',
    ]);
    expect(metadataChanges({ tags: ['a'] }, { tags: ['b'] })).toEqual(['The entry "tags" has changed.']);
  });

  it('accepts JSON that is not metadata', () => {
    expect(metadataChanges(null, base)).toEqual(['Everything has changed.']);
    expect(metadataChanges({ parameters: 'x' }, { parameters: 'y' })).toEqual([]);
  });
});
