import { describe, expect, it } from '@jest/globals';
import { helpText, readOptions } from './options.js';

const NAMES = ['chain', 'fairness', 'live'];
const read = (...args: string[]) => readOptions(args, NAMES, '/repository');

describe(readOptions, () => {
  it('selects all parts if none is named', () => {
    expect(read()).toEqual({ parts: NAMES, quick: false, resultsFolder: '/repository/results', help: false });
  });

  it('selects each named part once, in the order of all parts', () => {
    expect(read('live', 'chain', 'live').parts).toEqual(['chain', 'live']);
  });

  it('reads each option that the help lists', () => {
    expect(read('--quick', '--results', 'out', '--help')).toMatchObject({
      quick: true,
      resultsFolder: '/repository/out',
      help: true,
    });
    for (const name of ['--quick', '--results', '--help']) expect(helpText([])).toContain(name);
  });

  it('rejects an unknown part and lists the known parts', () => {
    expect(() => read('fairnes')).toThrow('There is no part "fairnes": the parts are chain, fairness, live.');
  });
});

describe(helpText, () => {
  it('lists each part with its title', () => {
    expect(helpText([{ name: 'live', title: 'recorder to browsers' }])).toContain(
      '\n  live       recorder to browsers\n',
    );
  });
});
