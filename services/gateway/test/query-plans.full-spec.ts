import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForEverything, type AskedArchive } from './asked-archive.js';
import { scansOf } from './query-plans.js';

const MINUTE = 60_000;

let asked: AskedArchive;
beforeAll(async () => {
  asked = await askForEverything({ files: 270_000, batches: 50, filesPerBatch: 2500, stages: 8 });
}, 10 * MINUTE);
afterAll(() => asked.close());

describe('the statements of the interface and of the scheduler over 270,000 files and 1,000,000 stage runs', () => {
  it('are not done by reading a large table from end to end, as Postgres reckons', async () => {
    expect(await scansOf(asked.databaseUrl, asked.queries, { preferIndexes: false })).toEqual([]);
  });
});
