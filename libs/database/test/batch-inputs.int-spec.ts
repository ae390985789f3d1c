import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InputChoice } from '#libs/contracts';
import {
  AdmissionRepository,
  type ArchivedDocument,
  BatchCopiesRepository,
  BatchEditsRepository,
  BatchesRepository,
  BatchInputsRepository,
  type ClaimedRun,
  LeaderEpoch,
  ReplayRepository,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { DOCUMENT, OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

const NEWER: ArchivedDocument = { sha256: 'b'.repeat(64), bytes: 2, encoding: 'identity', content: Buffer.from('{}') };
const UPLOAD: ArchivedDocument = {
  sha256: 'c'.repeat(64),
  bytes: 3,
  encoding: 'identity',
  content: Buffer.from('{ }'),
};

let archive: TestArchive;
let batches: BatchesRepository;
let inputs: BatchInputsRepository;
/** Row 0 is done, row 1 failed at its second stage and row 2 at its first stage. */
let earlier: OperatedBatch;
let draft: number;

beforeAll(async () => {
  archive = await TestArchive.open();
  batches = new BatchesRepository(archive.dataSource);
  inputs = new BatchInputsRepository(archive.dataSource);
});
afterAll(() => archive.close());
beforeEach(async () => {
  await archive.dataSource.query('truncate batches, runs cascade');
  earlier = await OperatedBatch.start(archive, 4);
  await earlier.mix();
  ({ id: draft } = await archive.draft({ files: 4 }));
});

const choose = (input: InputChoice) => new BatchEditsRepository(archive.dataSource).edit(draft, { input }, 'kc');
const start = () => batches.start(draft, { by: 'kc' });
async function admit(batch = draft): Promise<ClaimedRun[]> {
  const claimed: ClaimedRun[] = [];
  const admission = new AdmissionRepository(archive.dataSource, new LeaderEpoch());
  await admitStages(admission, batch, 100, async (runs) => void claimed.push(...runs));
  return claimed;
}
const givenTo = (claimed: readonly ClaimedRun[]) => claimed.map(({ input }) => input?.sha256 ?? null);

describe('the input of the first stage', () => {
  it('is the final document of the newest done run', async () => {
    const newer = await OperatedBatch.start(archive, 1);
    await newer.admit();
    await archive.dataSource.query(
      'insert into documents (sha256, bytes, encoding, content, stored_bytes) values ($1, 2, $2, $3, 2)',
      [NEWER.sha256, NEWER.encoding, NEWER.content],
    );
    await newer.done(0, 0);
    await newer.done(0, 1, { document: NEWER.sha256 });
    await choose({ kind: 'latest', missing: 'source' });
    expect(await start()).toBe('started');
    expect(givenTo(await admit())).toEqual([NEWER.sha256, null, null, null]);
  });

  it('can be the document of a stage of another batch', async () => {
    expect(await choose({ kind: 'stage', batch: earlier.id, stage: 0, missing: 'source' })).toBe('edited');
    expect(await start()).toBe('started');
    expect(givenTo(await admit())).toEqual([DOCUMENT.sha256, DOCUMENT.sha256, null, null]);
  });

  it('must exist for every file, unless files without one start from their source', async () => {
    await choose({ kind: 'latest' });
    expect(await start()).toEqual({ count: 3, guids: ['cpb-aacip-1', 'cpb-aacip-2', 'cpb-aacip-3'] });
    expect(await archive.dataSource.query('select state, started_at from batches where id = $1', [draft])).toEqual([
      { state: 'draft', started_at: null },
    ]);
    expect(
      await archive.dataSource.query('select 1 from runs where batch_id = $1 and input_document is not null', [draft]),
    ).toEqual([]);
  });

  it('is found once when a batch is started several times concurrently', async () => {
    await choose({ kind: 'latest', missing: 'source' });
    const starts = await Promise.all(Array.from({ length: 10 }, start));
    expect(starts.filter((result) => result === 'started')).toHaveLength(1);
    expect(starts.filter((result) => result === 'already-started')).toHaveLength(9);
  });

  it('is the uploaded document, if there is one, until it is removed', async () => {
    expect(await inputs.set(draft, 'cpb-aacip-0', UPLOAD, 'kc')).toBe('changed');
    expect(await inputs.set(draft, 'cpb-aacip-1', UPLOAD, 'kc')).toBe('changed');
    expect(await inputs.remove(draft, 'cpb-aacip-1', 'kc')).toBe('changed');
    await choose({ kind: 'latest', missing: 'source' });
    await start();
    expect(givenTo(await admit())).toEqual([UPLOAD.sha256, null, null, null]);
  });

  it('is the same when the first stage of a run is replayed', async () => {
    await inputs.set(draft, 'cpb-aacip-0', UPLOAD, 'kc');
    await start();
    const [{ id }] = (await admit()) as [ClaimedRun];
    await archive.dataSource.query("update runs set state = 'failed' where id = $1", [id]);
    const replay = new ReplayRepository(archive.dataSource, new LeaderEpoch());
    await replay.replay({ run: id, stage: 0 }, { verb: 'replay', actor: 'kc', request: {} }, { dryRun: false });
    expect(givenTo(await admit())).toEqual([UPLOAD.sha256]);
  });

  it('cannot be changed after the start of the batch', async () => {
    await start();
    expect(await choose({ kind: 'latest' })).toBe('not-draft');
    expect(await inputs.set(draft, 'cpb-aacip-0', UPLOAD, 'kc')).toBe('not-draft');
    expect(await inputs.remove(draft, 'cpb-aacip-0', 'kc')).toBe('not-draft');
    expect(givenTo(await admit())).toEqual([null, null, null, null]);
  });

  it('can be chosen only from an existing stage, and uploaded only for a file of the batch', async () => {
    expect(await choose({ kind: 'stage', batch: earlier.id, stage: 2 })).toBe('unknown-input');
    expect(await choose({ kind: 'stage', batch: 999_999, stage: 0 })).toBe('unknown-input');
    expect(await inputs.set(draft, 'stranger', UPLOAD, 'kc')).toBe('unknown-file');
    expect(await inputs.set(999_999, 'cpb-aacip-0', UPLOAD, 'kc')).toBe('unknown-batch');
  });

  it('is copied as a choice or an upload, but not as a document that was found', async () => {
    await inputs.set(draft, 'cpb-aacip-3', UPLOAD, 'kc');
    await choose({ kind: 'latest', missing: 'source' });
    await start();
    const copy = async (change: object = {}) =>
      new BatchCopiesRepository(archive.dataSource).copy({
        name: null,
        batches: [draft],
        pipeline: null,
        input: null,
        createdBy: 'kc',
        ...change,
      });
    const copied = await copy();
    if (copied.result !== 'created') throw new Error(copied.result);
    expect(
      await archive.dataSource.query('select input_document from runs where batch_id = $1 order by row', [copied.id]),
    ).toEqual([null, null, null, UPLOAD.sha256].map((input_document) => ({ input_document })));
    expect(await archive.dataSource.query('select input from batches where id = $1', [copied.id])).toEqual([
      { input: { kind: 'latest', missing: 'source' } },
    ]);
    expect(await copy({ batches: [draft, earlier.id] })).toEqual({ result: 'different-inputs' });
    expect(await copy({ batches: [draft, earlier.id], input: { kind: 'source' } })).toMatchObject({
      result: 'created',
    });
  });
});
