import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRunFolder,
  obtainNatsServer,
  print,
  removeRunFolder,
  repositoryRoot,
  runProgram,
  stopSignal,
} from '#deploy/local';
import { helpText, type Options, readOptions } from './options.js';
import { type Part, PARTS } from './parts.js';
import { type PartReport, renderReport } from './report/part-report.js';
import { judge, type Target, targetLine } from './report/target.js';
import { describeMachine } from './workbench/machine.js';
import { type BenchRun, Workbench } from './workbench/workbench.js';

const SECOND = 1000;

interface Finding extends PartReport {
  readonly name: string;
  readonly seconds: number;
  /** Why the part failed. */
  readonly error?: string;
}

async function runPart({ name, title, measure }: Part, run: BenchRun): Promise<Finding> {
  print(`\n## ${name}: ${title}\n`);
  const begin = Date.now();
  const bench = new Workbench(run, name);
  try {
    const report = await measure(bench);
    print(`${renderReport(report)}\n`);
    return { name, seconds: (Date.now() - begin) / SECOND, ...report };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print(`${name} failed: ${reason}`);
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

/** Writes all measurements as JSON; returns the path of the file. */
async function writeFindings(
  findings: readonly Finding[],
  { resultsFolder, quick }: Options,
  run: BenchRun,
): Promise<string> {
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
    print(helpText(PARTS));
    return 0;
  }
  if (process.platform !== 'linux')
    throw new Error('The bench reads /proc, which only Linux provides: run it on Linux.');
  const signal = stopSignal('Stopping');
  const folder = await createRunFolder('bench');
  try {
    const natsProgram = await obtainNatsServer({
      folder: join(repositoryRoot, '.chowda', 'programs'),
      path: process.env['PATH'],
      indexUrl: process.env['PIP_INDEX_URL'],
      onStep: print,
    });
    const run: BenchRun = { quick: options.quick, folder, natsProgram, print, signal };
    const findings = await runParts(options, run);
    print(`All measurements are in ${await writeFindings(findings, options, run)}.\n`);
    return conclude(findings, options.quick);
  } finally {
    await removeRunFolder(folder);
  }
}

/** Prints one line for each target; returns the exit code. With small sizes, only a failed part counts. */
function conclude(findings: readonly Finding[], quick: boolean): number {
  if (quick) print('Small sizes: these figures are not representative, and missed targets do not count.');
  for (const { name, targets, error } of findings) {
    if (error !== undefined) print(`failed        ${name}`);
    for (const target of targets) print(targetLine(target));
  }
  const isSuccess = findings.every(
    ({ targets, error }) => error === undefined && (quick || targets.every((target) => judge(target) !== 'missed')),
  );
  return isSuccess ? 0 : 1;
}

await runProgram(main);
