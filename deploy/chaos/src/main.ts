import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NatsProgram, obtainNatsRelease, obtainNatsServer, repositoryRoot } from '#deploy/local';
import { type ChaosReport, newSeed, runChaos } from './chaos.js';
import { HELP, type Options, readOptions } from './options.js';
import { isClean, renderReport } from './report.js';
import { ownFolder, removeFolder } from './run-folder.js';

/** Seconds; as short as a worker allows, so that what a dead worker held goes on soon. */
const ACK_WAIT = 3;

const tell = (text: string) => void process.stdout.write(`${text}\n`);

function onSignals(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) tell('\nStopping ...');
      stopping.abort();
    });
  }
  return stopping.signal;
}

async function obtainProgram({ server }: Options): Promise<NatsProgram> {
  const { PATH: path, PIP_INDEX_URL: indexUrl } = process.env;
  const options = { folder: join(repositoryRoot, '.chowda', 'programs'), path, indexUrl, onStep: tell };
  return server === null ? obtainNatsServer(options) : obtainNatsRelease(server, options);
}

/** Writes everything as JSON; returns the file. */
async function keep(report: ChaosReport, options: Options, about: object): Promise<string> {
  await mkdir(options.resultsFolder, { recursive: true });
  const date = new Date().toISOString();
  const file = join(options.resultsFolder, `chaos-${date.slice(0, 19).replaceAll(':', '-')}.json`);
  const { runs, kills, servers, freezeSeconds, deletions } = options;
  const asked = { runs, kills, servers, freezeSeconds, deletions };
  await writeFile(file, `${JSON.stringify({ date, ...about, ...asked, ...report }, null, 2)}\n`);
  return file;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), repositoryRoot);
  if (options.help) {
    tell(HELP);
    return 0;
  }
  const signal = onSignals();
  const program = await obtainProgram(options);
  const seed = options.seed ?? newSeed();
  const folder = await ownFolder();
  tell(
    `${options.runs} runs, ${options.kills} kills, seed ${seed}, ${options.servers} x nats-server ${program.version}`,
  );
  let wentWell = false;
  try {
    const report = await runChaos({ ...options, seed, program, folder, ackWait: ACK_WAIT, tell, signal });
    wentWell = isClean(report.findings);
    tell(`\n${renderReport(report)}`);
    tell(`Everything is in ${await keep(report, options, { seed, natsServer: program.version })}.`);
  } finally {
    if (wentWell || signal.aborted) await removeFolder(folder);
    else tell(`The logs of all processes are in ${join(folder, 'logs')}. Repeat it with --seed ${seed}.`);
  }
  return wentWell ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();
