import { describe, expect, it } from '@jest/globals';
import { integerOption, readArguments } from './command-line.js';

describe(readArguments, () => {
  const options = { port: { type: 'string' } } as const;

  it('returns the values of known options', () => {
    expect(readArguments('npm start', { args: ['--port', '80'], options }).values).toEqual({ port: '80' });
  });

  it.each([['--prot=1'], ['extra'], ['--port']])('rejects %s in one sentence that names the help', (argument) => {
    expect(() => readArguments('npm start', { args: [argument], options })).toThrow(
      /^[^\n]+: "npm start -- --help" lists the options\.$/,
    );
  });
});

describe(integerOption, () => {
  it.each(['1', '8080'])('accepts %s, an end of the range', (text) => {
    expect(integerOption('port', text, { min: 1, max: 8080 })).toBe(Number(text));
  });

  it.each(['0', '8081', '80.5', 'http', '-1', ''])('rejects %j with the range', (text) => {
    expect(() => integerOption('port', text, { min: 1, max: 8080 })).toThrow(
      `--port takes a number from 1 to 8080, not "${text}".`,
    );
  });
});
