import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { waitFor } from '#libs/testing';
import { BatchesRepository, DocumentSweepRepository, LeaderEpoch } from '../src/index.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
let other: pg.Client;
let strays: DocumentSweepRepository;
beforeAll(async () => {
  archive = await TestArchive.open();
  other = new pg.Client({ connectionString: archive.url });
  await other.connect();
  strays = new DocumentSweepRepository(archive.dataSource, new LeaderEpoch());
});
afterAll(async () => {
  await other.end();
  await archive.close();
});

const query = <Row>(statement: string, ...parameters: unknown[]) =>
  archive.dataSource.query<Row[]>(statement, parameters);
const waiting = async () =>
  (await query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
    .length > 0;

/** A document that only stage 0 of a finished batch refers to; returns that batch. */
async function made(sha256: string): Promise<number> {
  const [run] = await archive.runningBatch({ files: 1 });
  await query(
    `insert into documents (sha256, bytes, encoding, content, stored_bytes, created_at)
     values ($1, 2, 'identity', '{}', 2, now() - interval '1 day')`,
    sha256,
  );
  await query(
    `insert into stage_runs (run_id, index, state, generation, root, delivery, rank, document)
     values ($1, 0, 'done', 1, 1, 1, 2, $2)`,
    run.run,
    sha256,
  );
  await query(`update runs set state = 'done', next_index = 1, finished_at = now() where id = $1`, run.run);
  return run.batch;
}

const begin = async (batch: number): Promise<number> => {
  const creation = await new BatchesRepository(archive.dataSource).create({
    name: 'Goes on',
    pipeline: '2 stages',
    files: { batch, runs: 'all' },
    createdBy: 'test',
    input: { kind: 'latest' },
  });
  if (creation.result !== 'created') throw new Error(creation.result);
  return creation.id;
};
const free = (batch: number) =>
  `update stage_runs set document = null where run_id in (select id from runs where batch_id = ${batch})`;
const isStored = async (sha256: string) =>
  (await query('select 1 from documents where sha256 = $1', sha256)).length > 0;
const startedBy = (batch: number) => new BatchesRepository(archive.dataSource).start(batch, { by: 'Ann' });

describe('an input document of a batch', () => {
  it('is kept during the start of the batch, although its only other reference is removed', async () => {
    const batch = await made('begun');
    const next = await begin(batch);
    // Like a start that has not committed.
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock_shared(712003)');
    await other.query(`update runs set input_document = 'begun' where batch_id = $1`, [next]);
    await query(free(batch));
    await query('update document_sweep set wanted = true');
    const swept = strays.sweep(1000);
    await waitFor(waiting);
    await other.query('commit');
    await swept;
    expect(await isStored('begun')).toBe(true);
  });

  it('cannot be one that is being removed: the start waits and reports that there is none', async () => {
    const batch = await made('removed');
    const next = await begin(batch);
    // Like a removal that has not committed.
    await other.query('begin');
    await other.query(free(batch));
    await other.query('select pg_advisory_xact_lock(712003)');
    await other.query(`delete from documents where sha256 = 'removed'`);
    const start = startedBy(next);
    await waitFor(waiting);
    await other.query('commit');
    expect(await start).toEqual({ count: 1, guids: ['cpb-aacip-0'] });
    expect(await query('select state from batches where id = $1', next)).toEqual([{ state: 'draft' }]);
  });
});
