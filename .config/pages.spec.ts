import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MAX_README_WORDS = 600;
const MAX_LINES = 450;
/** First folders of paths inside the repository. */
const FOLDERS = /^(?:libs|services|deploy|\.config|\.github|\.ci)\//;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => existsSync(file));
const wordsOf = (text: string) => text.split(/\s+/).filter((word) => /\w/.test(word)).length;

/** Paths that a page names, in links and in code; a path with a placeholder or a wildcard is skipped. */
function pathsIn(page: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(page), target));
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, path]) => path!).filter((path) => FOLDERS.test(path));
  return [...links, ...code].filter((path) => !/[<>*{} …]/.test(path)).map((path) => path.replace(/[:#].*$/, ''));
}

describe('the pages of this repository', () => {
  it.each(files.filter((file) => file.endsWith('/README.md')))(
    `include a README of at most ${MAX_README_WORDS} words: %s`,
    (file) => {
      expect(wordsOf(readFileSync(file, 'utf8'))).toBeLessThanOrEqual(MAX_README_WORDS);
    },
  );

  it.each(['.github/ARCHITECTURE.md', '.github/CONTRIBUTING.md'].filter((page) => existsSync(page)))(
    'refer only to existing files: %s',
    (page) => {
      const missing = pathsIn(page, readFileSync(page, 'utf8')).filter((path) => !existsSync(path));
      expect(missing).toEqual([]);
    },
  );

  it('are checked for links and for paths in code', () => {
    const text =
      '[a](ARCHITECTURE.md) [b](https://x.org) `libs/mmif/src/a.ts` `npm test` `libs/<name>/src` [c](../b.md#d)';
    expect(pathsIn('.github/PAGE.md', text)).toEqual(['.github/ARCHITECTURE.md', 'b.md', 'libs/mmif/src/a.ts']);
  });
});

describe('the source files', () => {
  it(`have at most ${MAX_LINES} lines`, () => {
    const isCode = (file: string) => /\.(?:tsx?|mjs|py)$/.test(file);
    const long = files.filter((file) => isCode(file) && readFileSync(file, 'utf8').split('\n').length > MAX_LINES + 1);
    expect(long).toEqual([]);
  });
});
