import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, runProgram } from '#deploy/local';
import { fuzz, schemathesis } from '#libs/testing';
import { HELP, type Options, readOptions } from './options.js';
import { ownStack } from './own-stack.js';
import { faultsOf, reportOf } from './report.js';

const LARGEST_SEED = 2 ** 32 - 1;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), randomInt(LARGEST_SEED));
  if (options.help) {
    print(HELP);
    return 0;
  }
  const environment = await schemathesis();
  if (!environment) return 1;
  const folder = await mkdtemp(join(tmpdir(), 'chowda-fuzz-'));
  try {
    return await run(options, environment.python, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run({ examples, seed, url }: Options, python: string, folder: string): Promise<number> {
  const stack = url === null ? await ownStack(folder, print) : null;
  try {
    const { isClean, tally } = await fuzz({
      python,
      document: `${url ?? stack!.webUrl}/api/openapi.json`,
      token: stack?.accessToken ?? process.env['CHOWDA_TOKEN'] ?? '',
      folder,
      examples,
      seed,
      phases: ['examples', 'coverage', 'fuzzing', 'stateful'],
      things: stack?.things ?? {},
      print: (text) => void process.stdout.write(text),
    });
    const ended = { tally, isClean, seed, examples, isFilled: stack !== null };
    print(`\n${reportOf(ended)}`);
    return faultsOf(ended).length === 0 ? 0 : 1;
  } finally {
    await stack?.stop();
  }
}

await runProgram(main);
