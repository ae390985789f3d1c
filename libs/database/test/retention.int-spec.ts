import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { waitFor } from '#libs/testing';
import {
  type ArchivedDocument,
  DeletionRepository,
  DocumentSweepRepository,
  LeaderEpoch,
  NotLeaderError,
  RecorderRepository,
  ReplayRepository,
  RetentionRepository,
  RetentionSweepRepository,
  type StageChange,
  UsageRepository,
} from '../src/index.js';
import { stageChange } from '#libs/testing';
import { TestArchive, type TestRun } from './test-archive.js';

const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };
/** Above the number in any test. */
const ALL = 1000;

let archive: TestArchive;
let other: pg.Client;
let epoch: LeaderEpoch;
let recorder: RecorderRepository;
let retention: RetentionRepository;
let removals: RetentionSweepRepository;
let strays: DocumentSweepRepository;
let usage: UsageRepository;
let deletion: DeletionRepository;
beforeAll(async () => {
  archive = await TestArchive.open();
  other = new pg.Client({ connectionString: archive.url });
  await other.connect();
  epoch = new LeaderEpoch();
  recorder = new RecorderRepository(archive.dataSource, epoch);
  retention = new RetentionRepository(archive.dataSource);
  removals = new RetentionSweepRepository(archive.dataSource, epoch);
  strays = new DocumentSweepRepository(archive.dataSource, epoch);
  usage = new UsageRepository(archive.dataSource);
  deletion = new DeletionRepository(archive.dataSource);
});
afterAll(async () => {
  await other.end();
  await archive.close();
});
beforeEach(async () => {
  await retention.change({ keep: 'all', days: null }, 'test');
  await query('update document_sweep set position = null, wanted = false');
});

const query = <Row>(statement: string, ...parameters: unknown[]) =>
  archive.dataSource.query<Row[]>(statement, parameters);
const documentOf = (text: string): ArchivedDocument => {
  const content = Buffer.from(text);
  return {
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    encoding: 'identity',
    content,
  };
};
const record = (run: TestRun, change: Partial<StageChange>, text?: string) => {
  const document = text === undefined ? null : documentOf(text);
  const settled = { ...run, rank: 2, settledAt: Date.now(), document: document?.sha256 ?? null, ...change };
  return recorder.record([stageChange(settled)], document ? [document] : [], cursor);
};
const done = (run: TestRun, index: number, text: string, generation = 1) =>
  record(run, { index, generation, state: 'done', outcome: 'ok' }, text);
const failed = (run: TestRun, index: number, generation = 1) =>
  record(run, { index, generation, state: 'failed', outcome: 'invalid-input', fingerprint: 'f', sentence: 'No.' });
const isStored = async (text: string) =>
  (await query('select 1 from documents where sha256 = $1', documentOf(text).sha256)).length > 0;
const documentsOf = async ({ run }: TestRun) =>
  (
    await query<{ document: string | null }>(
      `select document from stage_runs where run_id = $1 union all
       select document from past_stage_runs where run_id = $1`,
      run,
    )
  ).filter(({ document }) => document !== null).length;
const removeAll = (batch: number, keep: 'final' | 'none') => removals.remove({ batch, keep, after: -1, runs: ALL });

/** A finished batch: both stages of the first run are done, the second run failed at its second stage. */
async function finishedBatch(name: string) {
  const [first, second] = (await archive.runningBatch({ files: 2 })) as [TestRun, TestRun];
  await done(first, 0, `${name} 0/0`);
  await done(first, 1, `${name} 0/1`);
  await done(second, 0, `${name} 1/0`);
  await failed(second, 1);
  return { batch: first.batch, first, second };
}

describe('the retention of a batch', () => {
  it('is that of the installation unless the batch has its own', async () => {
    const { batch } = await finishedBatch('rules');
    await retention.change({ keep: 'final', days: 30 }, 'Ann');
    expect(await retention.ofInstallation()).toMatchObject({ keep: 'final', days: 30, changedBy: 'Ann' });
    expect(await retention.ofBatch(batch)).toMatchObject({ own: false, keep: 'final', days: 30, kept: 'all' });
    await retention.changeBatch(batch, { keep: 'all', days: null }, 'Ann');
    expect(await retention.ofBatch(batch)).toMatchObject({ own: true, keep: 'all', days: null });
    await retention.changeBatch(batch, { keep: null, days: null }, 'Bob');
    expect(await retention.ofBatch(batch)).toMatchObject({ own: false, keep: 'final', days: 30 });
    expect(await retention.ofBatch(999_999)).toBeNull();
    expect(
      await query(
        `select actor, request from operator_actions where verb = 'change-retention' order by id desc limit 2`,
      ),
    ).toEqual([
      { actor: 'Bob', request: { batch, keep: null, days: null } },
      { actor: 'Ann', request: { batch, keep: 'all', days: null } },
    ]);
  });

  it('is applied to finished batches with a limit until nothing is left of them', async () => {
    const { batch } = await finishedBatch('looked at');
    const [running] = await archive.runningBatch({ files: 1 });
    const isListed = async (id: number) => (await retention.finished()).some((one) => one.batch === id);
    expect(await isListed(batch)).toBe(false);
    await retention.change({ keep: 'final', days: null }, 'test');
    expect([await isListed(batch), await isListed(running.batch)]).toEqual([true, false]);
    await removeAll(batch, 'none');
    expect(await isListed(batch)).toBe(false);
  });
});

describe('removing documents of a finished batch', () => {
  it('keeps the newest document of each run, from which a failed run continues', async () => {
    const { batch, first, second } = await finishedBatch('newest');
    expect(await removeAll(batch, 'final')).toMatchObject({ next: null, removed: 1, change: { batch, cells: [] } });
    expect(await isStored('newest 0/0')).toBe(false);
    expect([await isStored('newest 0/1'), await isStored('newest 1/0')]).toEqual([true, true]);
    expect([await documentsOf(first), await documentsOf(second)]).toEqual([1, 1]);
    expect(await retention.ofBatch(batch)).toMatchObject({ kept: 'final' });
    expect(await removeAll(batch, 'final')).toEqual({ next: null, removed: 0, change: null });
  });

  it('removes everything after the retention has expired, and past attempts in any case', async () => {
    const [run] = await archive.runningBatch({ files: 1, stages: 1 });
    await record(run, { state: 'done', outcome: 'ok', stages: 1 }, 'a first try');
    const replay = new ReplayRepository(archive.dataSource, epoch);
    const command = { verb: 'replay', actor: 'test', request: {} } as const;
    await replay.replay({ run: run.run, stage: 0 }, command, { dryRun: false });
    await record(run, { generation: 3, state: 'done', outcome: 'ok', stages: 1 }, 'a second try');
    expect(await documentsOf(run)).toBe(2);
    await removeAll(run.batch, 'final');
    expect([await isStored('a first try'), await isStored('a second try')]).toEqual([false, true]);
    await removeAll(run.batch, 'none');
    expect([await isStored('a second try'), await documentsOf(run)]).toEqual([false, 0]);
    expect(await retention.ofBatch(run.batch)).toMatchObject({ kept: 'none' });
  });

  it('keeps input documents of runs', async () => {
    const { batch, first } = await finishedBatch('given');
    await query('update runs set input_document = $2 where id = $1', first.run, documentOf('given 0/0').sha256);
    await removeAll(batch, 'none');
    expect([await isStored('given 0/0'), await isStored('given 0/1')]).toEqual([true, false]);
  });

  it('keeps documents that runs of another batch use', async () => {
    const { batch } = await finishedBatch('used');
    const [elsewhere] = await archive.runningBatch({ files: 1 });
    await done(elsewhere, 0, 'used 0/0');
    await removeAll(batch, 'none');
    expect([await isStored('used 0/0'), await isStored('used 0/1')]).toEqual([true, false]);
    expect(await documentsOf(elsewhere)).toBe(1);
  });

  it('continues run by run and is complete after the last run', async () => {
    const { batch } = await finishedBatch('steps');
    const step = (after: number) => removals.remove({ batch, keep: 'none', after, runs: 1 });
    expect(await step(-1)).toMatchObject({ next: 0, removed: 2 });
    expect(await retention.ofBatch(batch)).toMatchObject({ kept: 'all' });
    expect(await step(0)).toMatchObject({ next: 1, removed: 1 });
    expect(await step(1)).toEqual({ next: null, removed: 0, change: null });
    expect(await retention.ofBatch(batch)).toMatchObject({ kept: 'none' });
  });

  it('skips a running batch, and restarts for one that has finished again', async () => {
    const [running] = await archive.runningBatch({ files: 1 });
    await done(running, 0, 'still running');
    expect(await removeAll(running.batch, 'none')).toEqual({ next: null, removed: 0, change: null });
    expect(await isStored('still running')).toBe(true);

    const { batch, second } = await finishedBatch('again');
    await removeAll(batch, 'final');
    const replay = new ReplayRepository(archive.dataSource, epoch);
    const command = { verb: 'replay', actor: 'test', request: {} } as const;
    const again = await replay.replay({ run: second.run, stage: null }, command, { dryRun: false });
    expect(again?.again).toHaveLength(1);
    expect(await retention.ofBatch(batch)).toMatchObject({ kept: 'all', finishedAt: null });
    await done(second, 1, 'again 1/1', 3);
    expect(await retention.ofBatch(batch)).toMatchObject({ kept: 'all', state: 'finished' });
    expect(await removeAll(batch, 'final')).toMatchObject({ removed: 1 });
    expect([await isStored('again 1/0'), await isStored('again 1/1')]).toEqual([false, true]);
  });

  it('is refused to a former leader', async () => {
    const { batch } = await finishedBatch('deposed');
    const deposed = new LeaderEpoch();
    deposed.lead(-1);
    const late = new RetentionSweepRepository(archive.dataSource, deposed);
    await expect(late.remove({ batch, keep: 'none', after: -1, runs: ALL })).rejects.toThrow(NotLeaderError);
    expect(await isStored('deposed 0/0')).toBe(true);
  });
});

describe('deleting a batch', () => {
  it('removes it with its runs immediately, and unused documents in a sweep', async () => {
    const { batch } = await finishedBatch('deleted');
    const [elsewhere] = await archive.runningBatch({ files: 1 });
    await done(elsewhere, 0, 'deleted 0/0');
    expect(await deletion.delete(batch, 'Ann')).toEqual({ result: 'deleted', name: 'Evening news', runs: 2 });
    expect(await query('select 1 from batches where id = $1', batch)).toEqual([]);
    expect(await query(`select actor from operator_actions where verb = 'delete-batch' order by id desc`)).toEqual([
      { actor: 'Ann' },
    ]);
    expect(await isStored('deleted 0/1')).toBe(true);
    const { removed } = await strays.sweep(ALL);
    expect(removed).toBe(2);
    expect([await isStored('deleted 0/0'), await isStored('deleted 0/1')]).toEqual([true, false]);
    expect(await deletion.delete(batch, 'Ann')).toEqual({ result: 'unknown-batch' });
  });

  it('is refused while it runs, but possible for a draft', async () => {
    const [running] = await archive.runningBatch({ files: 1 });
    expect(await deletion.delete(running.batch, 'Ann')).toEqual({ result: 'running' });
    expect(await query('select 1 from runs where batch_id = $1', running.batch)).toHaveLength(1);
    const { id } = await archive.draft({ files: 2 });
    expect(await deletion.delete(id, 'Ann')).toMatchObject({ result: 'deleted', runs: 2 });
  });

  it('covers every table that refers to batches and runs', async () => {
    const references = await query<{ name: string }>(
      `select conrelid::regclass::text || ' → ' || confrelid::regclass::text as name from pg_constraint
       where contype = 'f' and confrelid in ('batches'::regclass, 'runs'::regclass) order by 1`,
    );
    expect(references.map(({ name }) => name)).toEqual([
      'batch_blocks → batches',
      'batch_holds → batches',
      'batch_mark_counts → batches',
      'batch_retention → batches',
      'batch_run_counts → batches',
      'batch_samples → batches',
      'batch_stage_counts → batches',
      'error_groups → batches',
      'past_stage_runs → runs',
      'stage_runs → runs',
    ]);
  });
});

describe('unreferenced documents', () => {
  const stray = async (text: string) => {
    const { sha256, bytes, encoding, content } = documentOf(text);
    await query(
      `insert into documents (sha256, bytes, encoding, content, stored_bytes, created_at)
       values ($1, $2, $3, $4, octet_length($4::bytea), now() - interval '1 day')`,
      sha256,
      bytes,
      encoding,
      content,
    );
  };
  const want = () => query('update document_sweep set wanted = true');

  it('are removed in portions during one pass', async () => {
    const texts = ['s1', 's2', 's3'];
    for (const text of texts) await stray(text);
    const [run] = await archive.runningBatch({ files: 1 });
    await done(run, 0, 'no stray');
    await want();
    let portions = 1;
    while ((await strays.sweep(2)).isUnderWay) portions += 1;
    expect(portions).toBeGreaterThan(1);
    expect(await Promise.all([...texts, 'no stray'].map(isStored))).toEqual([false, false, false, true]);
  });

  it('are kept until a batch is deleted or a day has passed', async () => {
    await stray('unlooked for');
    expect(await strays.sweep(ALL)).toEqual({ removed: 0, isUnderWay: false });
    await query(`update document_sweep set ended_at = now() - interval '25 hours'`);
    expect(await strays.sweep(ALL)).toEqual({ removed: 1, isUnderWay: false });
    expect(await strays.sweep(ALL)).toEqual({ removed: 0, isUnderWay: false });
  });

  it('can be found by an index in each table that can refer to them', async () => {
    const without = await query(
      `select c.conrelid::regclass::text as table from pg_constraint c
       where c.contype = 'f' and c.confrelid = 'documents'::regclass and not exists (
         select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
       )`,
    );
    expect(without).toEqual([]);
  });

  it('are kept for a recorder that is about to refer to one', async () => {
    await stray('about to be used');
    const { sha256, bytes, encoding, content } = documentOf('about to be used');
    await other.query('begin');
    await other.query(
      `insert into documents (sha256, bytes, encoding, content, stored_bytes) values ($1, $2, $3, $4, octet_length($4::bytea))
       on conflict (sha256) do update set created_at = excluded.created_at`,
      [sha256, bytes, encoding, content],
    );
    await want();
    expect(await strays.sweep(ALL)).toMatchObject({ removed: 0 });
    const [run] = await archive.runningBatch({ files: 1 });
    await other.query(
      `insert into stage_runs (run_id, index, state, generation, root, delivery, rank, document)
       values ($1, 0, 'done', 1, 1, 1, 2, $2)`,
      [run.run, sha256],
    );
    await other.query('commit');
    await want();
    expect(await strays.sweep(ALL)).toMatchObject({ removed: 0 });
    expect(await isStored('about to be used')).toBe(true);
  });

  it('are inserted again by a recorder that arrives during their removal', async () => {
    await stray('being removed');
    const [run] = await archive.runningBatch({ files: 1 });
    await other.query('begin');
    await other.query('delete from documents where sha256 = $1', [documentOf('being removed').sha256]);
    const recorded = done(run, 0, 'being removed');
    await waitFor(
      async () =>
        (await query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
          .length > 0,
    );
    await other.query('commit');
    await recorded;
    expect([await isStored('being removed'), await documentsOf(run)]).toEqual([true, 1]);
  });

  it('are protected by the foreign key against a removal with an outdated snapshot', async () => {
    await stray('seen too late');
    const { sha256 } = documentOf('seen too late');
    const [run] = await archive.runningBatch({ files: 1 });
    await other.query('begin isolation level repeatable read');
    await other.query('select 1 from documents limit 1');
    await done(run, 0, 'seen too late');
    await expect(other.query('delete from documents where sha256 = $1', [sha256])).rejects.toThrow(
      /concurrent|foreign key/,
    );
    await other.query('rollback');
    expect(await isStored('seen too late')).toBe(true);
  });
});

describe('the usage of documents', () => {
  it('counts each document once, by stage and in total, and lists other batches that use it', async () => {
    const { batch, first } = await finishedBatch('use');
    const [elsewhere] = await archive.runningBatch({ files: 1 });
    await done(elsewhere, 0, 'use 0/0');
    const size = 'use 0/0'.length;
    const none = { documents: 0, bytes: 0 };
    const app = 'shots_v1';
    expect(await usage.of(batch)).toEqual({
      batch,
      total: { documents: 3, bytes: 3 * size, shared: { documents: 1, bytes: size } },
      stages: [
        { index: 0, app, documents: 2, bytes: 2 * size, shared: { documents: 1, bytes: size } },
        { index: 1, app, documents: 1, bytes: size, shared: none },
      ],
      pastTries: { ...none, shared: none },
      inputs: { ...none, shared: none },
    });
    expect(await usage.usedBy(batch, 20)).toEqual([{ id: elsewhere.batch, name: 'Evening news', documents: 1 }]);
    expect(await usage.usedBy(elsewhere.batch, 20)).toEqual([{ id: batch, name: 'Evening news', documents: 1 }]);
    expect(await usage.of(999_999)).toBeNull();

    await query('update runs set input_document = $2 where id = $1', elsewhere.run, documentOf('use 0/1').sha256);
    await query('update runs set input_document = $2 where id = $1', first.run, documentOf('use 1/0').sha256);
    expect(await usage.of(batch)).toMatchObject({
      total: { documents: 3, shared: { documents: 2 } },
      stages: [{ shared: { documents: 1 } }, { shared: { documents: 1 } }],
      inputs: { documents: 1, bytes: size, shared: none },
    });
    expect(await usage.usedBy(batch, 20)).toMatchObject([{ id: elsewhere.batch, documents: 2 }]);
  });
});
