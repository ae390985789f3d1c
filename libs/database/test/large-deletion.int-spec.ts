import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeletionRepository, LeaderEpoch, NotLeaderError, RunsRepository, RunSweepRepository } from '../src/index.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
let epoch: LeaderEpoch;
let deletion: DeletionRepository;
beforeAll(async () => {
  archive = await TestArchive.open();
  epoch = new LeaderEpoch();
  deletion = new DeletionRepository(archive.dataSource);
});
afterAll(() => archive.close());

const query = <Row>(statement: string, ...parameters: unknown[]) =>
  archive.dataSource.query<Row[]>(statement, parameters);

describe('deleting a large batch', () => {
  it('removes the batch immediately and its runs in portions, even if another process continues', async () => {
    const RUNS = 1200;
    const { id } = await archive.draft({ files: 1 });
    await query(
      `with added as (
         insert into media_files (guid, title, path, kind)
         select 'many-' || n, '', '/media/many-' || n, 'video' from generate_series(2, $1::int) n returning id
       ) insert into runs (batch_id, row, media_file_id) select $2::int, row_number() over (), id from added`,
      RUNS,
      id,
    );
    await query(`insert into stage_runs (run_id, index, state, generation, root, delivery, rank)
      select id, 0, 'waiting', 1, 1, 1, 1 from runs where batch_id = ${id}`);
    await query(`update batch_run_counts set count = ${RUNS} where batch_id = ${id}`);
    const [last] = await query<{ id: number }>(`select id from runs where batch_id = ${id} order by row desc limit 1`);

    expect(await deletion.delete(id, 'Ann')).toMatchObject({ result: 'deleted', runs: RUNS });
    const left = async () =>
      (await query<{ count: number }>(`select count(*)::int as count from runs where batch_id = ${id}`))[0]!.count;
    expect(await left()).toBe(RUNS - 500);
    expect(await new RunsRepository(archive.dataSource).find(last!.id, String)).toBeNull();
    expect(await query('select wanted from document_sweep')).toEqual([{ wanted: false }]);

    const sweep = new RunSweepRepository(archive.dataSource, epoch);
    expect(await sweep.sweep(500)).toBe(500);
    expect(await new RunSweepRepository(archive.dataSource, epoch).sweep(500)).toBe(200);
    expect([await left(), await sweep.sweep(500)]).toEqual([0, 0]);
    expect(await query('select 1 from stage_runs s where not exists (select 1 from runs where id = s.run_id)')).toEqual(
      [],
    );
    expect(await query('select wanted from document_sweep')).toEqual([{ wanted: true }]);
  });

  it('leaves the removal of its runs to the current leader', async () => {
    const deposed = new LeaderEpoch();
    deposed.lead(-1);
    await expect(new RunSweepRepository(archive.dataSource, deposed).sweep(1)).rejects.toThrow(NotLeaderError);
  });
});
