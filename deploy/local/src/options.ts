import { resolve } from 'node:path';
import { integerOption, readArguments } from './command-line.js';

const DEFAULT_PORT = 8080;
const MAX_PORT = 65_535;

export const HELP = `Starts Chowda on this machine: Postgres, NATS, the services and three demo apps, with sample media.

Usage: npm start -- [options]

  --once              run the sample batch, write its MMIF files, print a table and exit
  --port <number>     port of the web page (default: ${DEFAULT_PORT})
  --data <folder>     folder for databases, logs and downloads (default: .chowda)
  --results <folder>  folder where --once writes <guid>.mmif (default: results)
  --help              show this text

Set DATABASE_URL or NATS_URL to use a running server instead of an embedded one.
`;

/** Options of `npm start`; folders are absolute. */
export interface Options {
  readonly once: boolean;
  readonly port: number;
  readonly dataFolder: string;
  readonly resultsFolder: string;
  readonly help: boolean;
}

/** Reads the command line; throws one sentence about the first invalid argument. */
export function readOptions(args: readonly string[], root: string): Options {
  const { values } = readArguments('npm start', {
    args: [...args],
    options: {
      once: { type: 'boolean' },
      port: { type: 'string' },
      data: { type: 'string' },
      results: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return {
    once: values.once ?? false,
    port: integerOption('port', values.port ?? String(DEFAULT_PORT), { min: 1, max: MAX_PORT }),
    dataFolder: resolve(root, values.data ?? '.chowda'),
    resultsFolder: resolve(root, values.results ?? 'results'),
    help: values.help ?? false,
  };
}
