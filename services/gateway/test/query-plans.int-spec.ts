import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exerciseArchive, type ExercisedArchive } from './exercised-archive.js';
import { scansOf } from './query-plans.js';

let archive: ExercisedArchive;
beforeAll(async () => {
  archive = await exerciseArchive({ files: 2000, batches: 12, filesPerBatch: 150, stages: 4 });
});
afterAll(() => archive.close());

describe('the SQL statements of gateway and scheduler', () => {
  it('use indexes and never scan a large table', async () => {
    expect(await scansOf(archive.databaseUrl, archive.queries, { preferIndexes: true })).toEqual([]);
  });

  it('include those of every route', () => {
    expect(archive.unread).toEqual([]);
  });

  it('are recorded', () => {
    expect(archive.queries.filter(({ text }) => /from stage_runs/.test(text)).length).toBeGreaterThan(10);
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
  ])('are reported when they scan a large table: %s', async (text, values, tables) => {
    const scans = await scansOf(archive.databaseUrl, [{ text, values }], { preferIndexes: true });
    expect(scans).toEqual([{ tables: expect.arrayContaining(tables.slice(-1)), query: text }]);
  });

  it('may read the first rows of a table without an index', async () => {
    const text = 'select * from media_files order by id limit 1';
    expect(await scansOf(archive.databaseUrl, [{ text, values: [] }], { preferIndexes: true })).toEqual([]);
  });
});
