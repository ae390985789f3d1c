import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AdmissionRepository,
  BatchCopiesRepository,
  BatchEditsRepository,
  BatchesRepository,
  type BatchFilesEdit,
  BatchListRepository,
  BatchSummaries,
  LeaderEpoch,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { waitFor } from '#libs/testing';
import { counters, recount } from './recount.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
let edits: BatchEditsRepository;
let batches: BatchesRepository;
let batch: number;

beforeAll(async () => {
  archive = await TestArchive.open();
  edits = new BatchEditsRepository(archive.dataSource);
  batches = new BatchesRepository(archive.dataSource);
});
afterAll(() => archive.close());
beforeEach(async () => {
  await archive.mediaFiles(8);
  ({ id: batch } = await archive.draft({ files: 4 }));
});

const guid = (n: number) => `cpb-aacip-${n}`;
/** Numbers of the media files of a batch in row order; fails unless the rows are contiguous. */
async function filesOf(id: number): Promise<number[]> {
  const rows = await archive.dataSource.query<{ row: number; guid: string }[]>(
    'select r.row, m.guid from runs r join media_files m on m.id = r.media_file_id where r.batch_id = $1 order by r.row',
    [id],
  );
  expect(rows.map(({ row }) => row)).toEqual(rows.map((_, n) => n));
  return rows.map((row) => Number(row.guid.replace('cpb-aacip-', '')));
}
const rightCounters = async (id: number) =>
  expect(await counters(archive.dataSource, id)).toEqual(await recount(archive.dataSource, id));
const valueOf = async (column: string, id = batch) =>
  (await archive.dataSource.query<[Record<string, unknown>]>(`select ${column} from batches where id = $1`, [id]))[0][
    column
  ];

describe('the files of a draft', () => {
  it('are appended, and removed without leaving a gap', async () => {
    expect(await edits.editFiles(batch, { add: [guid(6), guid(5)], remove: [guid(1)] }, 'kc')).toEqual({
      result: 'edited',
      added: 2,
      removed: 1,
      files: 5,
    });
    expect(await filesOf(batch)).toEqual([0, 2, 3, 6, 5]);
    expect(Number(await valueOf('version'))).toBe(1);
    await rightCounters(batch);
  });

  it('do not change when there is nothing to add or remove', async () => {
    expect(await edits.editFiles(batch, { add: [guid(1)], remove: [guid(7), 'stranger'] }, 'kc')).toMatchObject({
      added: 0,
      removed: 0,
      files: 4,
    });
    expect(await filesOf(batch)).toEqual([0, 1, 2, 3]);
  });

  it('do not change when a file is unknown, when no file would be left, or when the batch was started', async () => {
    expect(await edits.editFiles(batch, { add: [guid(5), 'stranger'], remove: [guid(1)] }, 'kc')).toEqual({
      result: 'unknown-files',
      count: 1,
      guids: ['stranger'],
    });
    expect(await edits.editFiles(batch, { add: [], remove: [0, 1, 2, 3].map(guid) }, 'kc')).toEqual({
      result: 'no-files',
    });
    expect(await edits.editFiles(999_999, { add: [guid(1)], remove: [] }, 'kc')).toEqual({ result: 'unknown-batch' });
    await batches.start(batch);
    expect(await edits.editFiles(batch, { add: [guid(5)], remove: [] }, 'kc')).toEqual({ result: 'not-draft' });
    expect(await filesOf(batch)).toEqual([0, 1, 2, 3]);
    await rightCounters(batch);
  });

  it('are correct after concurrent changes', async () => {
    const results = await Promise.all(
      [4, 5, 6, 7].map((n) => edits.editFiles(batch, { add: [guid(n), guid(4)], remove: [guid(n - 4)] }, 'kc')),
    );
    expect(results.map(({ result }) => result)).toEqual(Array(4).fill('edited'));
    expect(new Set(await filesOf(batch))).toEqual(new Set([4, 5, 6, 7]));
    await rightCounters(batch);
  });

  it('do not change when the batch is started meanwhile', async () => {
    const isHeld = async () =>
      (
        await archive.dataSource.query<unknown[]>(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        )
      ).length > 0;
    let edit!: Promise<BatchFilesEdit>;
    await archive.dataSource.transaction(async (manager) => {
      await manager.query('select 1 from batch_stage_counts where batch_id = $1 for update', [batch]);
      edit = edits.editFiles(batch, { add: [guid(5)], remove: [guid(0)] }, 'kc');
      await waitFor(isHeld);
      await batches.start(batch);
    });
    expect(await edit).toEqual({ result: 'not-draft' });
    expect(await filesOf(batch)).toEqual([0, 1, 2, 3]);
    await rightCounters(batch);
  });
});

describe('a batch', () => {
  const admission = () => new AdmissionRepository(archive.dataSource, new LeaderEpoch());

  it('can be renamed and reweighted, with immediate effect while it runs', async () => {
    expect(await edits.edit(batch, { name: 'Late news' }, 'kc')).toBe('edited');
    expect(await valueOf('name')).toBe('Late news');
    await archive.dataSource.query(`update batches set state = 'finished' where state = 'running'`);
    const { id: other } = await archive.draft({ files: 1 });
    await batches.start(other);
    await batches.start(batch);
    await archive.dataSource.query('update batches set pass = 1000, weight = 1 where id = $1', [batch]);
    expect(await edits.edit(batch, { weight: 1000 }, 'kc')).toBe('edited');
    expect([await valueOf('weight'), await valueOf('pass')]).toEqual([1000, Number(await valueOf('pass', other)) + 1]);
    expect((await admission().waitingBatches(5)).find(({ id }) => id === batch)?.weight).toBe(1000);
    expect(await edits.edit(999_999, { weight: 1 }, 'kc')).toBe('unknown-batch');
  });

  it('can be archived and restored, but not archived while it runs', async () => {
    const list = new BatchListRepository(archive.dataSource, new BatchSummaries(archive.dataSource));
    const isListed = async (archived: boolean) =>
      (await list.list({ after: null, limit: 200 }, { archived })).some(({ id }) => id === batch);
    expect(await edits.edit(batch, { archived: true }, 'kc')).toBe('edited');
    expect([await isListed(false), await isListed(true)]).toEqual([false, true]);
    expect(await batches.start(batch)).toBe('archived');
    expect(await edits.edit(batch, { archived: false }, 'kc')).toBe('edited');
    await batches.start(batch);
    const version = await valueOf('version');
    expect(await edits.edit(batch, { archived: true, name: 'No' }, 'kc')).toBe('running');
    expect([await valueOf('version'), await valueOf('name')]).toEqual([version, 'Evening news']);
    await archive.dataSource.query('update batches set archived_at = now() where id = $1', [batch]);
    await admitStages(new AdmissionRepository(archive.dataSource, new LeaderEpoch()), batch, 1);
  });

  it('is listed by state and by part of its name', async () => {
    const list = new BatchListRepository(archive.dataSource, new BatchSummaries(archive.dataSource));
    await edits.edit(batch, { name: 'Zebra 100 % alive' }, 'kc');
    const found = async (filter: object) =>
      (await list.list({ after: null, limit: 200 }, { archived: false, ...filter })).map(({ id }) => id);
    expect(await found({ query: 'ZEBRA 100 %' })).toEqual([batch]);
    expect(await found({ query: 'zebra_' })).toEqual([]);
    expect(await found({ query: 'zebra', state: 'draft' })).toEqual([batch]);
    expect(await found({ query: 'zebra', state: 'running' })).toEqual([]);
  });
});

describe('copies of batches', () => {
  const copy = (change: object) =>
    new BatchCopiesRepository(archive.dataSource).copy({
      name: null,
      batches: [batch],
      pipeline: null,
      input: null,
      createdBy: 'kc',
      ...change,
    });

  it('are drafts with the files of the original in the same order', async () => {
    await edits.editFiles(batch, { add: [guid(6)], remove: [guid(0)] }, 'kc');
    await edits.edit(batch, { weight: 300 }, 'kc');
    await batches.start(batch);
    const copied = await copy({});
    if (copied.result !== 'created') throw new Error(copied.result);
    expect(await filesOf(copied.id)).toEqual([1, 2, 3, 6]);
    expect([
      await valueOf('state', copied.id),
      await valueOf('weight', copied.id),
      await valueOf('name', copied.id),
    ]).toEqual(['draft', 300, 'Evening news (copy)']);
    await rightCounters(copied.id);
  });

  it('contain each file of several batches once', async () => {
    const { id: other } = await archive.draft({ files: 2 });
    await edits.editFiles(other, { add: [guid(7)], remove: [] }, 'kc');
    const copied = await copy({ name: 'Both', batches: [other, batch] });
    if (copied.result !== 'created') throw new Error(copied.result);
    expect(await filesOf(copied.id)).toEqual([0, 1, 7, 2, 3]);
    await rightCounters(copied.id);
  });

  it('require existing batches and one pipeline: a shared or a given one', async () => {
    const { id: other } = await archive.draft({ files: 2, stages: 3 });
    expect(await copy({ batches: [batch, 999_999] })).toEqual({ result: 'unknown-batch', batch: 999_999 });
    expect(await copy({ batches: [batch, other] })).toEqual({
      result: 'different-pipelines',
      pipelines: expect.arrayContaining(['2 stages version 1', '3 stages version 1']),
    });
    const named = (name: string, version: number | null) =>
      copy({ batches: [batch, other], pipeline: { name, version } });
    expect(await named('3 stages', 1)).toMatchObject({ result: 'created' });
    expect(await named('3 stages', 7)).toEqual({ result: 'unknown-version' });
    expect(await named('nothing', null)).toEqual({ result: 'unknown-pipeline' });
  });
});
