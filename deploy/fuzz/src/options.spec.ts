import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe(readOptions, () => {
  it('selects a temporary stack and the new seed by default', () => {
    expect(readOptions([], 7)).toEqual({ examples: 30, seed: 7, url: null, help: false });
  });

  it('reads each option', () => {
    const args = ['--examples', '5', '--seed', '3', '--url', 'http://127.0.0.1:8080/'];
    expect(readOptions(args, 7)).toEqual({ examples: 5, seed: 3, url: 'http://127.0.0.1:8080', help: false });
    expect(readOptions(['--help'], 7)).toMatchObject({ help: true });
  });

  it.each([
    [['--examples', '0'], /--examples takes a number from 1 to 10000, not "0"\./],
    [['--seed', 'x'], /--seed takes a number/],
    [['--url', 'here'], /--url takes a URL, not "here"\./],
  ])('rejects %j with the reason', (args, sentence) => {
    expect(() => readOptions(args, 7)).toThrow(sentence);
  });
});
