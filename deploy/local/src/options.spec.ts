import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from './options.js';

describe(readOptions, () => {
  it('has defaults inside the repository', () => {
    expect(readOptions([], '/repository')).toEqual({
      once: false,
      port: 8080,
      dataFolder: '/repository/.chowda',
      resultsFolder: '/repository/results',
      help: false,
    });
  });

  it('reads every option that the help names', () => {
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

  it.each([['--prot=1'], ['extra'], ['--port']])('refuses %s in one sentence that leads to the help', (argument) => {
    expect(() => readOptions([argument], '/repository')).toThrow(/^[^\n]+: "npm start -- --help" lists the options\.$/);
  });

  it.each(['0', '65536', '80.5', 'http', '-1', ''])('refuses port %j', (port) => {
    expect(() => readOptions([`--port=${port}`], '/repository')).toThrow(/--port takes a number from 1 to 65535/);
  });
});
