// Proves the rules of one run's life: searches run.pml as it is, and expects an error without each of its rules.
import { parseArgs } from 'node:util';
import { endWithParent } from '../local/end-with-parent.mjs';
import { missingPrograms, RULES, search } from './search.mjs';

const HELP = `Usage: npm run model -- [options]

Searches all interleavings of one run's life (deploy/model/run.pml) with spin.

Options:
  --faults <1|2>    faults at a time (default: 2; takes about ten minutes; 1 takes seconds)
  --memory <MiB>    memory limit of a search (default: 12000; two faults need 6000)
  --only <rule>     only the search without this rule: ${Object.keys(RULES).join(', ')}
  --help            this text

Example: npm run model -- --faults 1`;

const print = (text) => void process.stdout.write(`${text}\n`);

endWithParent();
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main() {
  const { values } = parseArgs({
    options: {
      faults: { type: 'string', default: '2' },
      memory: { type: 'string', default: '12000' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP) ?? 0;
  const faults = Number(values.faults);
  const memoryMiB = Number(values.memory);
  if (![1, 2].includes(faults)) throw new Error(`--faults takes 1 or 2, not "${values.faults}".`);
  if (!Number.isSafeInteger(memoryMiB) || memoryMiB < 100) throw new Error('--memory takes a number of MiB from 100.');
  if (values.only !== undefined && !(values.only in RULES))
    throw new Error(`--only takes ${Object.keys(RULES).join(', ')}.`);
  const missing = missingPrograms();
  if (missing.length > 0) {
    print(
      `SKIPPED: the model was not searched, because ${missing.join(' and ')} is not installed (Debian: apt-get install spin gcc).`,
    );
    return 0;
  }
  const whole = values.only === undefined ? await proves(faults, memoryMiB) : true;
  let found = true;
  for (const [rule, needed] of Object.entries(RULES)) {
    if (values.only !== undefined ? rule === values.only : needed <= faults)
      found = (await findsWithout(rule, needed, memoryMiB)) && found;
  }
  return whole && found ? 0 : 1;
}

async function proves(faults, memoryMiB) {
  const { states, trail } = await search({ faults, memoryMiB });
  if (trail === null) print(`ok      ${states.toLocaleString('en')} states with at most ${faults} fault(s): no error`);
  else print(`FAILED  an error with at most ${faults} fault(s):\n  ${trail.join('\n  ')}`);
  return trail === null;
}

async function findsWithout(rule, faults, memoryMiB) {
  const { states, trail } = await search({ faults, broken: rule, memoryMiB });
  if (trail !== null) print(`ok      ${rule}: an error is found, as it must be, after ${trail.length} events`);
  else
    print(`FAILED  ${rule}: no error in ${states.toLocaleString('en')} states, so the model does not need this rule`);
  return trail !== null;
}
