import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, repositoryRoot, runProgram } from '#deploy/local';
import { type Accepted, acceptedOf } from './accepted.js';
import { type CoreNames, findCores } from './cores.js';
import { type Mutant, mutantsOf } from './mutate.js';
import { HELP, readOptions } from './options.js';
import { MIN_KILLED, reportOf, shareKilled } from './report.js';
import { type CoreResult, runCore } from './run-mutants.js';
import { sampleOf } from './sample.js';

const data = <Value>(name: string): Value =>
  JSON.parse(readFileSync(join(repositoryRoot, 'deploy', 'mutants', name), 'utf8')) as Value;

async function main(): Promise<number> {
  const { files, sample, seed, processes, help } = readOptions(process.argv.slice(2), randomInt(2 ** 32));
  if (help) {
    print(HELP);
    return 0;
  }
  const cores = findCores(repositoryRoot, data<CoreNames>('cores.json')).filter(
    ({ file }) => files.length === 0 || files.some((part) => file.includes(part)),
  );
  const accepted = data<Accepted[]>('accepted.json');
  const all = cores.flatMap(({ file }) => {
    const source = readFileSync(join(repositoryRoot, file), 'utf8');
    const mutants = mutantsOf(file, source);
    const excepted = acceptedOf(mutants, source, accepted);
    return mutants.filter((mutant) => !excepted.has(mutant));
  });
  const chosen = new Set<Mutant>(sample === 0 ? all : sampleOf(all, sample, seed));
  print(`${chosen.size} of ${all.length} mutants of ${cores.length} files, seed ${seed}.`);
  const folder = join(repositoryRoot, 'node_modules', '.cache', `mutants-${process.pid}`);
  const results: CoreResult[] = [];
  for (const core of cores) {
    const mutants = all.filter((mutant) => mutant.file === core.file && chosen.has(mutant));
    if (mutants.length === 0) continue;
    const result = await runCore(core, mutants, { root: repositoryRoot, folder, processes });
    results.push(result);
    print(reportOf([result]).split('\n').slice(0, -1).join('\n'));
  }
  print(`\n${reportOf(results).split('\n').at(-1)}`);
  return shareKilled(results) >= MIN_KILLED ? 0 : 1;
}

await runProgram(main);
