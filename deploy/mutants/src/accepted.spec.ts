import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '#deploy/local';
import { type Accepted, acceptedOf } from './accepted.js';
import { mutantsOf } from './mutate.js';

const SOURCE = 'const f = (a: number, b: number) =>\n  a < b || b < a;\n';
const mutants = mutantsOf('libs/a/src/b.ts', SOURCE);
const swapped = mutants.filter(({ replacement }) => replacement === '<=');
const entry: Accepted = {
  file: 'b.ts',
  line: 'a < b || b < a;',
  original: '<',
  replacement: '<=',
  occurrence: 1,
  reason: 'equal order',
};

describe(acceptedOf, () => {
  it('finds one mutant by the text of its line and its occurrence', () => {
    expect([...acceptedOf(mutants, SOURCE, [entry])]).toEqual([swapped[0]]);
    expect([...acceptedOf(mutants, SOURCE, [{ ...entry, occurrence: 2 }])]).toEqual([swapped[1]]);
    expect([...acceptedOf([swapped[1]!], SOURCE, [{ ...entry, occurrence: 1 }])]).toEqual([swapped[1]]);
  });

  it('accepts nothing after a change of the line, and nothing in another file', () => {
    expect(acceptedOf(mutants, SOURCE.replace('||', '&&'), [entry]).size).toBe(0);
    expect(acceptedOf(mutants, SOURCE, [{ ...entry, file: 'c.ts' }]).size).toBe(0);
    expect(acceptedOf(mutants, SOURCE, [{ ...entry, original: '>' }]).size).toBe(0);
    expect(acceptedOf(mutants, SOURCE, [{ ...entry, replacement: '>' }]).size).toBe(0);
    expect(acceptedOf(mutants, SOURCE, [{ ...entry, occurrence: 3 }]).size).toBe(0);
  });

  it('rejects an entry that could mean several mutants', () => {
    const { occurrence: _, ...vague } = entry;
    expect(() => acceptedOf(mutants, SOURCE, [vague])).toThrow(/2 mutants of b\.ts change "<".*Add "occurrence"/);
  });
});

describe('accepted.json', () => {
  const path = join(repositoryRoot, 'deploy', 'mutants', 'accepted.json');
  const list = JSON.parse(readFileSync(path, 'utf8')) as Accepted[];

  it.each(list)('accepts one mutant of $file: $original → $replacement', (accepted) => {
    const files = execFileSync('git', ['ls-files', `*/${accepted.file}`], { cwd: repositoryRoot, encoding: 'utf8' });
    const found = files
      .trim()
      .split('\n')
      .flatMap((file) => {
        const source = readFileSync(join(repositoryRoot, file), 'utf8');
        return [...acceptedOf(mutantsOf(file, source), source, [accepted])];
      });
    expect(found).toHaveLength(1);
  });
});
