import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const DEFAULT_PORT = 8080;
const LARGEST_PORT = 65_535;

export const HELP = `Starts Chowda on this machine: Postgres, NATS, the services and three demo apps, with sample media.

Usage: npm start -- [options]

  --once            run the sample batch, write its MMIF files, print a table and end
  --port <number>   port of the web page (default: ${DEFAULT_PORT})
  --data <folder>   where everything is kept (default: .chowda)
  --results <folder>  where --once writes <guid>.mmif (default: results)
  --help            this text

DATABASE_URL and NATS_URL use real servers instead of embedded ones.
`;

/** What the command line asks for; folders are absolute. */
export interface Options {
  readonly once: boolean;
  readonly port: number;
  readonly dataFolder: string;
  readonly resultsFolder: string;
  readonly help: boolean;
}

/** Reads the command line; throws one sentence for what it does not understand. */
export function readOptions(args: readonly string[], root: string): Options {
  const { values } = parse(args);
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!/^\d+$/.test(values.port ?? '1') || port < 1 || port > LARGEST_PORT) {
    throw new Error(`--port takes a number from 1 to ${LARGEST_PORT}, not "${values.port}".`);
  }
  return {
    once: values.once ?? false,
    port,
    dataFolder: resolve(root, values.data ?? '.chowda'),
    resultsFolder: resolve(root, values.results ?? 'results'),
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        results: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Error(`${reason}: "npm start -- --help" lists the options.`, { cause: error });
  }
}
