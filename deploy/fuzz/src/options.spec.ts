import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('readOptions', () => {
  it('takes a stack of its own and a new seed unless something else is asked for', () => {
    expect(readOptions([], 7)).toEqual({ examples: 30, seed: 7, url: null, help: false });
  });

  it('takes what is given', () => {
    const args = ['--examples', '5', '--seed', '3', '--url', 'http://127.0.0.1:8080/'];
    expect(readOptions(args, 7)).toEqual({ examples: 5, seed: 3, url: 'http://127.0.0.1:8080', help: false });
    expect(readOptions(['--help'], 7)).toMatchObject({ help: true });
  });

  it.each([
    [['--examples', '0'], /--examples takes a number from 1 to 10000, not "0"\./],
    [['--seed', 'x'], /--seed takes a number/],
    [['--url', 'here'], /--url takes an address, not "here"\./],
    [['--more'], /See npm run fuzz -- --help\./],
  ])('says what is wrong with %j', (args, sentence) => {
    expect(() => readOptions(args, 7)).toThrow(sentence);
  });
});
