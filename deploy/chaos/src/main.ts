import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRunFolder,
  type NatsProgram,
  obtainNatsRelease,
  obtainNatsServer,
  print,
  removeRunFolder,
  repositoryRoot,
  runProgram,
  stopSignal,
} from '#deploy/local';
import { type ChaosReport, newSeed, runChaos } from './chaos.js';
import { HELP, type Options, readOptions } from './options.js';
import { isClean, renderReport } from './report.js';

/** Seconds: the minimum that a worker accepts, so that the stages of a killed worker are redelivered soon. */
const ACK_WAIT = 3;

async function obtainProgram({ server }: Options): Promise<NatsProgram> {
  const { PATH: path, PIP_INDEX_URL: indexUrl } = process.env;
  const options = { folder: join(repositoryRoot, '.chowda', 'programs'), path, indexUrl, onStep: print };
  return server === null ? obtainNatsServer(options) : obtainNatsRelease(server, options);
}

/** Writes the report as JSON; returns the path of the file. */
async function writeReport(report: ChaosReport, options: Options, about: object): Promise<string> {
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
    print(HELP);
    return 0;
  }
  const signal = stopSignal('Stopping');
  const program = await obtainProgram(options);
  const seed = options.seed ?? newSeed();
  const folder = await createRunFolder('chaos');
  print(
    `${options.runs} runs, ${options.kills} kills, seed ${seed}, ${options.servers} x nats-server ${program.version}`,
  );
  let isSuccess = false;
  try {
    const report = await runChaos({ ...options, seed, program, folder, ackWait: ACK_WAIT, print, signal });
    isSuccess = isClean(report.findings);
    print(`\n${renderReport(report)}`);
    print(`The report is in ${await writeReport(report, options, { seed, natsServer: program.version })}.`);
  } finally {
    if (isSuccess || signal.aborted) await removeRunFolder(folder);
    else print(`The logs of all processes are in ${join(folder, 'logs')}. Repeat this run with --seed ${seed}.`);
  }
  return isSuccess ? 0 : 1;
}

await runProgram(main);
