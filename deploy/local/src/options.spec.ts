import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from './options.js';

describe(readOptions, () => {
  it('uses folders inside the repository by default', () => {
    expect(readOptions([], '/repository')).toEqual({
      once: false,
      port: 8080,
      dataFolder: '/repository/.chowda',
      resultsFolder: '/repository/results',
      help: false,
    });
  });

  it('reads each option that the help lists', () => {
    const args = ['--once', '--port', '9000', '--data', '/elsewhere', '--results=out', '--help'];
    expect(readOptions(args, '/repository')).toEqual({
      once: true,
      port: 9000,
      dataFolder: '/elsewhere',
      resultsFolder: '/repository/out',
      help: true,
    });
    for (const name of ['--once', '--port', '--data', '--results', '--help']) expect(HELP).toContain(name);
  });
});
