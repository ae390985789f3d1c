import { afterAll, beforeEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImportCounts } from '#libs/contracts';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { ImportsRepository } from '../src/index.js';
import { AmbientDataSource } from '../src/transactions/ambient-data-source.js';

const LINES = 5;
const DAYS = 90;

let database: TestDatabase;
let dataSource: AmbientDataSource;
let imports: ImportsRepository;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = (await new AmbientDataSource(
    dataSourceOptions(database.url, { poolSize: 2 }),
  ).initialize()) as AmbientDataSource;
  imports = new ImportsRepository(dataSource);
});
beforeEach(() => dataSource.query('truncate imports, import_lines'));
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** An import with some lines, this number of days ago. */
async function importOf(daysAgo: number): Promise<number> {
  const line = { given: 'x', guid: null, result: 'unknown', sentence: 'There is none.', mediaFileId: null } as const;
  const id = await imports.import('csv', 'kc', async (writer) => {
    await writer.keep(Array.from({ length: LINES }, (_, index) => ({ ...line, n: index + 1, line: index + 2 })));
    return { lines: LINES } as ImportCounts;
  });
  await dataSource.query(`update imports set created_at = now() - make_interval(days => $2) where id = $1`, [
    id,
    daysAgo,
  ]);
  return id;
}
const linesOf = async (id: number) => (await imports.lines(id, { after: null, limit: 100 })).length;
const forget = (lines = 1000) => imports.forget({ days: DAYS, lines });

describe('the report of an import', () => {
  it('is deleted after its retention, but not earlier', async () => {
    const [old, young] = [await importOf(DAYS + 1), await importOf(DAYS - 1)];
    expect(await forget()).toBe(true);
    expect([await imports.find(old), await linesOf(old)]).toEqual([null, 0]);
    expect([await imports.find(young), await linesOf(young)]).toEqual([expect.anything(), LINES]);
    expect(await forget()).toBe(false);
  });

  it('is deleted in portions', async () => {
    const old = await importOf(DAYS + 1);
    expect(await forget(LINES - 1)).toBe(true);
    expect([await imports.find(old), await linesOf(old)]).toEqual([expect.anything(), 1]);
    expect(await forget(LINES - 1)).toBe(true);
    expect(await imports.find(old)).toBeNull();
  });
});
