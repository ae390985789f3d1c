import { integerOption, readArguments } from '#deploy/local';

const MAX_EXAMPLES = 10_000;
const MAX_SEED = 2 ** 32 - 1;

export const HELP = `Sends generated requests to every operation of the OpenAPI document and checks every response.

Usage: npm run fuzz -- [options]

  --examples <number>  inputs of each kind for each operation (default: 30, about 10,000 requests)
  --seed <number>      repeat the requests of an earlier run (default: a new seed, which is printed)
  --url <url>          a running gateway, with its token in CHOWDA_TOKEN; the run changes its data
                       (default: a temporary stack)
  --help               show this text

The exit code is 1 when a response is a 5xx, does not match its schema, or breaks another rule of schemathesis. With a
temporary stack it is also 1 when an operation never succeeded or when fewer than 2,000 requests were sent.
`;

/** Options of `npm run fuzz`. */
export interface Options {
  readonly examples: number;
  readonly seed: number;
  /** Null: start a temporary stack. */
  readonly url: string | null;
  readonly help: boolean;
}

/** Reads the command line; `newSeed` is the default seed. Throws one sentence about the first invalid argument. */
export function readOptions(args: readonly string[], newSeed: number): Options {
  const { values } = readArguments('npm run fuzz', {
    args: [...args],
    options: {
      examples: { type: 'string' },
      seed: { type: 'string' },
      url: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { url = null } = values;
  if (url !== null && !URL.canParse(url)) throw new Error(`--url takes a URL, not "${url}".`);
  return {
    examples: integerOption('examples', values.examples ?? '30', { min: 1, max: MAX_EXAMPLES }),
    seed: integerOption('seed', values.seed ?? String(newSeed), { min: 0, max: MAX_SEED }),
    url: url === null ? null : url.replace(/\/+$/, ''),
    help: values.help ?? false,
  };
}
