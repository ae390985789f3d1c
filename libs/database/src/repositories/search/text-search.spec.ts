import { describe, expect, it } from '@jest/globals';
import { type Scope, searchPage } from './text-search.js';

const LIMIT = 200;

/**
 * Search over numbered rows of which some match; `matches` media files match in the archive. Logs where it searched.
 */
async function search({
  fits,
  rows,
  matches,
  text = 'news',
}: {
  fits: number[];
  rows: number;
  matches: number;
  text?: string;
}) {
  const scopes: string[] = [];
  const found = await searchPage({
    patterns: text === '' ? [] : [`%${text}%`],
    limit: LIMIT,
    page: (scope: Scope) => {
      scopes.push(scope.files ? 'files' : scope.within === undefined ? 'all' : `within ${scope.within}`);
      return Promise.resolve(fits.filter((key) => key <= (scope.within ?? Infinity)).slice(0, LIMIT));
    },
    length: () => Promise.resolve(rows),
    files: (most) => Promise.resolve(Array.from({ length: Math.min(most, matches) }, String)),
  });
  return { found, scopes };
}
const every = (step: number, rows: number) =>
  Array.from({ length: Math.floor(rows / step) }, (_, at) => (at + 1) * step);

describe('searchPage', () => {
  it.each<[string, Parameters<typeof search>[0], string[]]>([
    ['all rows without a text', { fits: every(1, 9), rows: 9, matches: 9, text: '' }, ['all']],
    ['a common text near the cursor', { fits: every(2, 100_000), rows: 100_000, matches: 50_000 }, ['within 2000']],
    [
      'a less common text further on',
      { fits: every(50, 100_000), rows: 100_000, matches: 2000 },
      ['within 2000', 'within 20000'],
    ],
    ['a rare text by the index', { fits: [90_000], rows: 100_000, matches: 1 }, ['within 2000', 'files']],
    ['nothing by the index', { fits: [], rows: 100_000, matches: 0 }, ['within 2000', 'files']],
    ['a text that is common elsewhere', { fits: [90_000], rows: 100_000, matches: 250_000 }, ['within 2000', 'all']],
    [
      'a text whose matches end before a page is full',
      { fits: every(100, 5000), rows: 15_000, matches: 50 },
      ['within 2000', 'within 20000'],
    ],
    ['a text in a small list', { fits: [1], rows: 2000, matches: 250_000 }, ['within 2000']],
    ['a text without a trigram', { fits: [90_000], rows: 100_000, matches: 1, text: 'x' }, ['within 2000', 'all']],
  ])('finds %s', async (_, archive, scopes) => {
    expect(await search(archive)).toEqual({ found: archive.fits.slice(0, LIMIT), scopes });
  });

  it('uses the index for two letters only at the start of a word', async () => {
    const { scopes } = await search({ fits: [], rows: 100_000, matches: 0, text: ' tv' });
    expect(scopes).toEqual(['within 2000', 'files']);
  });
});
