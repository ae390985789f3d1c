import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForEverything, type AskedArchive } from './asked-archive.js';
import { scansOf } from './query-plans.js';

let asked: AskedArchive;
beforeAll(async () => {
  asked = await askForEverything({ files: 2000, batches: 12, filesPerBatch: 150, stages: 4 });
});
afterAll(() => asked.close());

describe('the statements of the interface and of the scheduler', () => {
  it('find what they read by an index, never by reading a large table from end to end', async () => {
    expect(await scansOf(asked.databaseUrl, asked.queries, { preferIndexes: true })).toEqual([]);
  });

  it('are all asked for here', () => {
    expect(asked.unread).toEqual([]);
  });

  it('are caught on their way', () => {
    expect(asked.queries.filter(({ text }) => /from stage_runs/.test(text)).length).toBeGreaterThan(10);
  });

  it.each([
    ['select count(*) from stage_runs where worker = $1', ['x'], ['stage_runs']],
    [
      'select * from runs r join media_files m on m.id = r.media_file_id where m.title = $1',
      ['x'],
      ['runs', 'media_files'],
    ],
    ['select * from media_files where title = $1 order by id limit 1', ['x'], ['media_files']],
    ['select * from media_files order by id', [], ['media_files']],
    ['update documents set bytes = 1 where encoding = $1', ['x'], ['documents']],
  ])('would be found out: %s', async (text, values, tables) => {
    const scans = await scansOf(asked.databaseUrl, [{ text, values }], { preferIndexes: true });
    expect(scans).toEqual([{ tables: expect.arrayContaining(tables.slice(-1)), query: text }]);
  });

  it('may read the first rows of a table', async () => {
    const text = 'select * from media_files order by id limit 1';
    expect(await scansOf(asked.databaseUrl, [{ text, values: [] }], { preferIndexes: true })).toEqual([]);
  });
});
