import { describe, expect, it } from '@jest/globals';
import { batchInput } from './batch-input.js';

describe(batchInput, () => {
  it.each([
    ['source', { kind: 'source' }],
    ['latest', { kind: 'latest' }],
    ['12:0', { kind: 'stage', batch: 12, stage: 0 }],
  ])('parses %s', (text, input) => expect(batchInput(text)).toEqual(input));

  it.each(['', '12', '12:', 'newest', '12:0:1', '-1:0'])('rejects %j', (text) => {
    expect(() => batchInput(text)).toThrow('a stage of a batch such as 12:0');
  });
});
