import { resolve } from 'node:path';
import { readArguments } from '#deploy/local';

/** Options of `npm run bench`. */
export interface Options {
  /** Names of the parts to run, in the order of PARTS. */
  readonly parts: readonly string[];
  readonly quick: boolean;
  /** Absolute path. */
  readonly resultsFolder: string;
  readonly help: boolean;
}

/** The text of `--help`, with a line for each part. */
export const helpText = (parts: readonly { readonly name: string; readonly title: string }[]): string =>
  `Measures the cost of Chowda on this machine, compares it with baselines, and reports which targets are met.

Usage: npm run bench -- [part ...] [options]

${parts.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}

  --quick             small sizes, a few seconds for each part: a check of the bench itself, not a measurement
  --results <folder>  folder for bench-<date>.json (default: results)
  --help              show this text

Runs all parts if none is named (about 35 minutes). The exit code is 1 when a target is missed or a part fails.
`;

/** Reads the command line; throws one sentence about the first invalid argument. */
export function readOptions(args: readonly string[], names: readonly string[], root: string): Options {
  const { values, positionals } = readArguments('npm run bench', {
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean' },
      results: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no part "${unknown}": the parts are ${names.join(', ')}.`);
  }
  return {
    parts: positionals.length === 0 ? names : names.filter((name) => positionals.includes(name)),
    quick: values.quick ?? false,
    resultsFolder: resolve(root, values.results ?? 'results'),
    help: values.help ?? false,
  };
}
