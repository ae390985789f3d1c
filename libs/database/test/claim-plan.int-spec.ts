import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLAIM, IN_INDEX_ORDER } from '../src/repositories/admission/claim.js';
import { TestArchive } from './test-archive.js';

const FILES = 30_000;
const LIMIT = 64;

/** A node of a plan in the JSON of EXPLAIN. */
interface PlanNode {
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

let archive: TestArchive;
let batch: number;
beforeAll(async () => {
  archive = await TestArchive.open();
  const { dataSource } = archive;
  for (const table of ['runs', 'stage_runs', 'media_files', 'batch_holds'])
    await dataSource.query(`alter table ${table} set (autovacuum_enabled = false)`);
  batch = (await archive.runningBatch({ files: 1 }))[0].batch;
});
afterAll(() => archive.close());

/** Inserts waiting runs and media files that the statistics do not know. */
async function addRuns(): Promise<void> {
  await archive.dataSource.query(
    `with files as (
       insert into media_files (guid, title, path, kind)
       select 'more-' || n, 'Tape', '/media/more-' || n || '.mp4', 'video' from generate_series(1, $2::int) n
       returning id
     )
     insert into runs (batch_id, row, media_file_id) select $1, row_number() over (), id from files`,
    [batch, FILES],
  );
}

async function planNodes(): Promise<PlanNode[]> {
  const runner = archive.dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(IN_INDEX_ORDER);
    const [row] = (await runner.query(`explain (analyze, format json) ${CLAIM}`, [batch, LIMIT, 0])) as [
      { 'QUERY PLAN': [{ Plan: PlanNode }] },
    ];
    return nodesOf(row['QUERY PLAN'][0].Plan);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

const rowsRead = (nodes: readonly PlanNode[]) =>
  Math.max(...nodes.map((node) => node['Actual Rows'] * node['Actual Loops']));

describe('the claim of runs', () => {
  it('reads only as many rows as it claims, in the order of the index, whatever the statistics say', async () => {
    const { dataSource } = archive;
    // The state after the creation of the first large batch: the tables had one row.
    await dataSource.query('analyze');
    await addRuns();
    const states = [
      'select 1',
      "update pg_class set reltuples = 0, relpages = 0 where relname in ('runs', 'media_files', 'stage_runs')",
      'analyze',
    ];
    for (const setStatistics of states) {
      await dataSource.query(setStatistics);
      const nodes = await planNodes();
      expect(nodes.map((node) => node['Index Name'])).toContain('runs_waiting_by_stage');
      expect(rowsRead(nodes)).toBe(LIMIT);
    }
  });

  it('does not search the waiting runs of a held stage for its probe', async () => {
    await archive.dataSource.query(
      `insert into batch_holds (batch_id, stage, held_by, reason, probe_run)
       select $1, 0, 'chowda', 'The app fails.', max(id) from runs where batch_id = $1`,
      [batch],
    );
    expect(rowsRead(await planNodes())).toBe(1);
  });
});
