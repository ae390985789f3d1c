import { parseArgs } from 'node:util';

const MOST_EXAMPLES = 10_000;
const LARGEST_SEED = 2 ** 32 - 1;

export const HELP = `Sends made-up requests to everything that the OpenAPI document describes, and checks every answer.

Usage: npm run fuzz -- [options]

  --examples <number>  inputs of each kind for each address and method (default: 30; some 10,000 requests)
  --seed <number>      repeats the requests of an earlier run (default: a new one, which is told)
  --url <address>      a gateway that is running, with its token in CHOWDA_TOKEN; its data is changed
                       (default: a stack of its own, which is thrown away)
  --help               this text

The exit code is 1 when an answer is a 5xx, is not as its schema says, or breaks another rule of schemathesis. With a stack
of its own it is 1, too, when an operation was refused each time, or when there were fewer than 2,000 requests.
`;

/** What the command line asks for. */
export interface Options {
  readonly examples: number;
  readonly seed: number;
  /** Null: a stack of its own. */
  readonly url: string | null;
  readonly help: boolean;
}

/** Reads the command line; `newSeed` is taken where none is given. Throws one sentence for what it does not understand. */
export function readOptions(args: readonly string[], newSeed: number): Options {
  const { values } = parse(args);
  const { url = null } = values;
  if (url !== null && !URL.canParse(url)) throw new Error(`--url takes an address, not "${url}".`);
  return {
    examples: number('examples', values.examples ?? '30', { least: 1, most: MOST_EXAMPLES }),
    seed: number('seed', values.seed ?? String(newSeed), { least: 0, most: LARGEST_SEED }),
    url: url === null ? null : url.replace(/\/+$/, ''),
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        examples: { type: 'string' },
        seed: { type: 'string' },
        url: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message} See npm run fuzz -- --help.`, { cause: error });
  }
}

function number(name: string, text: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a number from ${least} to ${most}, not "${text}".`);
}
