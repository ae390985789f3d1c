import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Names of the parts to run, in their own order. */
  readonly parts: readonly string[];
  readonly quick: boolean;
  /** Absolute. */
  readonly resultsFolder: string;
  readonly help: boolean;
}

/** The text of `--help`, with a line for each part. */
export const helpText = (parts: readonly { readonly name: string; readonly title: string }[]): string =>
  `Measures what Chowda costs on this machine, beside baselines, and tells which targets are held.

Usage: npm run bench -- [part ...] [options]

${parts.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}

  --quick             small sizes, a few seconds a part: shows that it runs, its figures say little
  --results <folder>  where bench-<date>.json goes (default: results)
  --help              this text

Without a part all of them run, in about 12 minutes. The exit code is 1 when a target is missed or a part fails.
`;

/** Reads the command line; throws one sentence for what it does not understand. */
export function readOptions(args: readonly string[], names: readonly string[], root: string): Options {
  const { values, positionals } = parse(args);
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

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        results: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Error(`${reason}: "npm run bench -- --help" lists the options.`, { cause: error });
  }
}
