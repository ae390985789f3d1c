import { integerOption, readArguments } from '#deploy/local';

const MAX_SAMPLE = 100_000;
const MAX_SEED = 2 ** 32 - 1;
const MAX_PROCESSES = 64;

export const HELP = `Changes the pure files listed in deploy/mutants/cores.json one detail at a time and runs their specs.

Usage: npm run mutants -- [options]

  --files <text>        only files whose path contains this text; several are separated by commas
  --sample <number>     mutants chosen at random from all of them (default: 250); 0 runs all
  --seed <number>       repeat the choice of an earlier run (default: a new seed, which is printed)
  --processes <number>  specs that run at the same time (default: 2)
  --help                show this text

A mutant is killed when a spec fails or takes too long. The exit code is 1 when fewer than 95 % are killed; survivors in
deploy/mutants/accepted.json, each with its reason, do not count. A sample of 250 takes a few minutes on two cores.
`;

/** Options of `npm run mutants`. */
export interface Options {
  /** Empty: all files. */
  readonly files: readonly string[];
  /** Number of mutants; 0: all. */
  readonly sample: number;
  readonly seed: number;
  readonly processes: number;
  readonly help: boolean;
}

/** Reads the command line; `newSeed` is the default seed. Throws one sentence about the first invalid argument. */
export function readOptions(args: readonly string[], newSeed: number): Options {
  const { values } = readArguments('npm run mutants', {
    args: [...args],
    options: {
      files: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string' },
      processes: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return {
    files: values.files?.split(',').filter((part) => part !== '') ?? [],
    sample: integerOption('sample', values.sample ?? '250', { min: 0, max: MAX_SAMPLE }),
    seed: integerOption('seed', values.seed ?? String(newSeed), { min: 0, max: MAX_SEED }),
    processes: integerOption('processes', values.processes ?? '2', { min: 1, max: MAX_PROCESSES }),
    help: values.help ?? false,
  };
}
