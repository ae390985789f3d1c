import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';
import { mutantsOf } from './mutate.js';
import { runCore } from './run-mutants.js';

const FILE = 'deploy/mutants/src/clamp.fixture.ts';
const SPEC = 'deploy/mutants/src/clamp.fixture-spec.ts';
const run = {
  root: repositoryRoot,
  folder: join(repositoryRoot, 'node_modules', '.cache', `mutants-spec-${process.pid}`),
  processes: 2,
};
const source = readFileSync(join(repositoryRoot, FILE), 'utf8');

it('kills the mutants that a spec checks, and returns the others in the order of the file', async () => {
  const mutants = mutantsOf(FILE, source);
  const { killed, survived } = await runCore({ file: FILE, specs: [SPEC] }, mutants, run);
  expect(killed).toBe(2);
  expect(survived.map(({ original, replacement }) => `${original} -> ${replacement}`)).toEqual([
    '< -> <=',
    'value > high -> false',
    '> -> >=',
  ]);
});

it('does not count a mutant that does not compile', async () => {
  const [first] = mutantsOf(FILE, source);
  const mutants = [{ ...first!, start: source.indexOf('low;'), end: source.indexOf('low;') + 3, replacement: '"x"' }];
  const passes = { file: FILE, specs: [] };
  expect(await runCore(passes, mutants, run)).toMatchObject({ killed: 1, survived: [] });
});

it('throws if the nearest spec fails on the unchanged file', async () => {
  const broken = { file: FILE, specs: [FILE] };
  await expect(runCore(broken, mutantsOf(FILE, source), run)).rejects.toThrow(/fails on the unchanged/);
});
