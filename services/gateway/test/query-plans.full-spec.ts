import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exerciseArchive, type ExercisedArchive } from './exercised-archive.js';
import { scansOf } from './query-plans.js';

const MINUTE = 60_000;

let archive: ExercisedArchive;
beforeAll(async () => {
  archive = await exerciseArchive({ files: 270_000, batches: 50, filesPerBatch: 2500, stages: 8 });
}, 10 * MINUTE);
afterAll(() => archive.close());

describe('the SQL statements of gateway and scheduler with 270,000 files and 1,000,000 stage runs', () => {
  it('need no full scan of a large table, according to the query plans', async () => {
    expect(await scansOf(archive.databaseUrl, archive.queries, { preferIndexes: false })).toEqual([]);
  });
});
