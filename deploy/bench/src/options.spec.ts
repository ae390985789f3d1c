import { describe, expect, it } from '@jest/globals';
import { helpText, readOptions } from './options.js';

const NAMES = ['chain', 'fairness', 'live'];
const read = (...args: string[]) => readOptions(args, NAMES, '/repository');

describe(readOptions, () => {
  it('runs all parts when none is named', () => {
    expect(read()).toEqual({ parts: NAMES, quick: false, resultsFolder: '/repository/results', help: false });
  });

  it('runs the named parts in their own order, each once', () => {
    expect(read('live', 'chain', 'live').parts).toEqual(['chain', 'live']);
  });

  it('reads every option that the help names', () => {
    expect(read('--quick', '--results', 'out', '--help')).toMatchObject({
      quick: true,
      resultsFolder: '/repository/out',
      help: true,
    });
    for (const name of ['--quick', '--results', '--help']) expect(helpText([])).toContain(name);
  });

  it('refuses an unknown part with the names of those there are', () => {
    expect(() => read('fairnes')).toThrow('There is no part "fairnes": the parts are chain, fairness, live.');
  });

  it.each([['--quik'], ['--results']])('refuses %s in one sentence that leads to the help', (argument) => {
    expect(() => read(argument)).toThrow(/^[^\n]+: "npm run bench -- --help" lists the options\.$/);
  });
});

describe(helpText, () => {
  it('has a line for each part', () => {
    expect(helpText([{ name: 'live', title: 'recorder to browsers' }])).toContain(
      '\n  live       recorder to browsers\n',
    );
  });
});
