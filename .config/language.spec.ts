import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { badPhrase, paragraphsOf, PATTERNS, textsOf } from './prose.mjs';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => existsSync(file));
/** Specs and their fixtures; released migrations, whose SQL never changes. */
const isSkipped = (file: string) => /\.(?:[a-z-]*spec|fixture)\.tsx?$|\/migrations\//.test(file);
const sources = files.filter(
  (file) => /^(?:libs|services|deploy)\/[^/]+\/.*\.(?:tsx?|mjs)$/.test(file) && !isSkipped(file),
);
const programs = sources.filter((file) => /^[^/]+\/[^/]+\/(?:src\/|[^/]+\.mjs$)/.test(file));
/** The word list of CONTRIBUTING.md quotes what to avoid. */
const pages = files.filter((file) => file.endsWith('.md') && !/CHANGELOG|CONTRIBUTING\.md$/.test(file));

const complaints = (file: string, texts: readonly { line: number; text: string }[]): string[] =>
  texts.flatMap(({ line, text }) => {
    const found = badPhrase(text);
    return found === null ? [] : [`${file}:${line}: "${found.words}" in "${text}": write ${found.instead}`];
  });

describe('the language of this repository', () => {
  it('avoids the listed phrases in texts of programs', () => {
    expect(programs.flatMap((file) => complaints(file, textsOf(file, readFileSync(file, 'utf8'))))).toEqual([]);
  });

  it('avoids the listed phrases in pages', () => {
    expect(pages.flatMap((file) => complaints(file, paragraphsOf(readFileSync(file, 'utf8'))))).toEqual([]);
  });

  it.each(PATTERNS)('rejects "$bad"', ({ bad, pattern }) => {
    expect(bad).toMatch(pattern);
    expect(badPhrase(bad)).not.toBeNull();
  });

  it.each(PATTERNS)('accepts "$good"', ({ good }) => {
    expect(badPhrase(good)).toBeNull();
  });
});

describe(textsOf, () => {
  it('returns string literals, templates and JSX text with their lines, but no keys, imports and comments', () => {
    const source = [
      "import { a } from 'a b';",
      '// It goes on.',
      "const key = 'waiting';",
      "const text = 'It goes on.';",
      'const template = `Run ${key} goes on.`;',
      'const page = <p>It goes on here.</p>;',
    ].join('\n');
    expect(textsOf('a.tsx', source)).toEqual([
      { line: 4, text: 'It goes on.' },
      { line: 5, text: 'Run … goes on.' },
      { line: 6, text: 'It goes on here.' },
    ]);
  });
});

describe(paragraphsOf, () => {
  it('returns the lines of a page without code and comments', () => {
    const page = ['# Page', '', '```sh', 'It goes on.', '```', '<!-- It goes on. -->', 'Use `goes on`.'].join('\n');
    expect(paragraphsOf(page)).toEqual([
      { line: 1, text: '# Page' },
      { line: 7, text: 'Use `code`.' },
    ]);
  });
});
