import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { obtainNatsServer, repositoryRoot } from '#deploy/local';
import { helpText, type Options, readOptions } from './options.js';
import { type Part, PARTS } from './parts.js';
import { type PartReport, renderReport } from './report/part-report.js';
import { judge, type Target, targetLine } from './report/target.js';
import { describeMachine } from './workbench/machine.js';
import { ownFolder, removeFolder } from './workbench/run-folder.js';
import { type BenchRun, Workbench } from './workbench/workbench.js';

const SECOND = 1000;
const tell = (text: string) => void process.stdout.write(`${text}\n`);

interface Finding extends PartReport {
  readonly name: string;
  readonly seconds: number;
  /** Why the part has no result. */
  readonly error?: string;
}

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

async function runPart({ name, title, measure }: Part, run: BenchRun): Promise<Finding> {
  tell(`\n## ${name}: ${title}\n`);
  const begin = Date.now();
  const bench = new Workbench(run, name);
  try {
    const report = await measure(bench);
    tell(`${renderReport(report)}\n`);
    return { name, seconds: (Date.now() - begin) / SECOND, ...report };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tell(`${name} failed: ${reason}`);
    return { name, seconds: (Date.now() - begin) / SECOND, tables: [], targets: [], notes: [], error: reason };
  } finally {
    await bench.close();
  }
}

async function runParts(options: Options, run: BenchRun): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const part of PARTS) {
    if (options.parts.includes(part.name) && !run.signal.aborted) findings.push(await runPart(part, run));
  }
  return findings;
}

/** Writes everything as JSON; returns the file. */
async function keep(findings: readonly Finding[], { resultsFolder, quick }: Options, run: BenchRun): Promise<string> {
  await mkdir(resultsFolder, { recursive: true });
  const date = new Date().toISOString();
  const file = join(resultsFolder, `bench-${date.slice(0, 19).replaceAll(':', '-')}.json`);
  const withVerdict = (target: Target) => ({ verdict: judge(target), ...target });
  const parts = findings.map((finding) => ({ ...finding, targets: finding.targets.map(withVerdict) }));
  const machine = describeMachine(run.natsProgram.version);
  await writeFile(file, `${JSON.stringify({ date, quick, machine, parts }, null, 2)}\n`);
  return file;
}

async function main(): Promise<number> {
  const names = PARTS.map(({ name }) => name);
  const options = readOptions(process.argv.slice(2), names, repositoryRoot);
  if (options.help) {
    tell(helpText(PARTS));
    return 0;
  }
  if (process.platform !== 'linux') throw new Error('The bench reads /proc, which only Linux has: run it there.');
  const signal = onSignals();
  const folder = await ownFolder();
  try {
    const natsProgram = await obtainNatsServer({
      folder: join(repositoryRoot, '.chowda', 'programs'),
      path: process.env['PATH'],
      indexUrl: process.env['PIP_INDEX_URL'],
      onStep: tell,
    });
    const run: BenchRun = { quick: options.quick, folder, natsProgram, tell, signal };
    const findings = await runParts(options, run);
    tell(`Everything measured is in ${await keep(findings, options, run)}.\n`);
    return conclude(findings, options.quick);
  } finally {
    await removeFolder(folder);
  }
}

/** Tells one line per target; returns the exit code. With small sizes only a part that fails counts. */
function conclude(findings: readonly Finding[], quick: boolean): number {
  if (quick) tell('Small sizes: these figures say little, and no missed target counts.');
  for (const { name, targets, error } of findings) {
    if (error !== undefined) tell(`failed        ${name}`);
    for (const target of targets) tell(targetLine(target));
  }
  const isWell = findings.every(
    ({ targets, error }) => error === undefined && (quick || targets.every((target) => judge(target) !== 'missed')),
  );
  return isWell ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();
