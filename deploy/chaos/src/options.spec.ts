import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from './options.js';

describe(readOptions, () => {
  it('selects the full run by default', () => {
    expect(readOptions([], '/repository')).toEqual({
      runs: 1500,
      kills: 30,
      seed: null,
      server: null,
      servers: 1,
      freezeSeconds: 90,
      deletions: true,
      resultsFolder: '/repository/results',
      help: false,
    });
  });

  it('reads each option that the help lists', () => {
    const numbers = ['--runs=150', '--kills=8', '--seed=42', '--cluster=3', '--freeze=5'];
    const args = [...numbers, '--server=2.10', '--no-deletions', '--results=out', '--help'];
    expect(readOptions(args, '/repository')).toEqual({
      runs: 150,
      kills: 8,
      seed: 42,
      server: '2.10',
      servers: 3,
      freezeSeconds: 5,
      deletions: false,
      resultsFolder: '/repository/out',
      help: true,
    });
    for (const argument of args) expect(HELP).toContain(argument.split('=')[0]!);
  });

  it.each(['newest', '2.10', '2.10.26'])('accepts nats-server %s', (server) => {
    expect(readOptions(['--server', server], '/').server).toBe(server);
  });

  it.each(['latest', '2', 'v2.10', '../x'])('rejects nats-server %s', (server) => {
    expect(() => readOptions(['--server', server], '/')).toThrow(/--server takes newest, a series/);
  });

  it.each(['--runs=0', '--kills=-1', '--seed=4294967296', '--freeze=soon'])('rejects %s with the range', (argument) => {
    expect(() => readOptions([argument], '/')).toThrow(/^--\w+ takes a number from \d+ to \d+, not ".*"\.$/);
  });

  it('rejects a cluster of two, which cannot lose a server', () => {
    expect(() => readOptions(['--cluster=2'], '/')).toThrow('--cluster takes 1 or 3, not "2".');
  });
});
