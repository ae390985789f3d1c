import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunFilter } from '#libs/contracts';
import { RunsRepository } from '../src/index.js';
import { chooseRuns, runPatterns } from '../src/repositories/runs/run-page.js';
import { filesThatFit } from '../src/repositories/media-files/media-file-search.js';
import type { Scope } from '../src/repositories/search/text-search.js';
import { OperatedBatch } from './operated-batch.js';
import { TestArchive } from './test-archive.js';

const UNKNOWN = 999_999;
const NO_CODEC = 'shots_v1|no codec';
const NO_SOUND = 'shots_v1|no sound';

let archive: TestArchive;
let batch: OperatedBatch;
/** Runs and fails like the first batch, and must not appear in its lists. */
let other: OperatedBatch;

/**
 * Row 0 is done (marks `partial` and `empty`), row 1 failed at stage 1 and row 2 at stage 0, row 3 is queued and row 4
 * waits for a retry, both at stage 0, row 5 is cancelled, rows 6 and 7 are waiting.
 */
beforeAll(async () => {
  archive = await TestArchive.open();
  other = await OperatedBatch.start(archive, 4);
  batch = await OperatedBatch.start(archive, 8);
  await batch.admit(6);
  await batch.done(0, 0, { mark: 'partial' });
  await batch.done(0, 1, { outcome: 'empty', mark: 'empty' });
  await batch.done(1, 0);
  await batch.failed(1, 1, { fingerprint: NO_CODEC });
  await batch.failed(2, 0, { fingerprint: NO_SOUND });
  await batch.failed(4, 0, { outcome: 'unreachable', fingerprint: NO_SOUND });
  await batch.record(5, 0, { state: 'cancelled', outcome: 'cancelled', sentence: 'Batch 1 was cancelled.' });
  await other.mix();
});
afterAll(() => archive.close());

const list = (filter: RunFilter, { after = null, limit = 100 }: { after?: number | null; limit?: number } = {}) =>
  new RunsRepository(archive.dataSource).ofBatch(batch.id, { after, limit }, filter);
const rows = async (filter: RunFilter, slice = {}) => (await list(filter, slice))!.map(({ row }) => row);

describe('the list of runs', () => {
  it.each<[RunFilter, number[]]>([
    [{}, [0, 1, 2, 3, 4, 5, 6, 7]],
    // State of the run.
    [{ state: 'done' }, [0]],
    [{ state: 'failed' }, [1, 2]],
    [{ state: 'running' }, [3]],
    [{ state: 'cancelled' }, [5]],
    [{ state: 'waiting' }, [4, 6, 7]],
    // A state of stages only.
    [{ state: 'queued' }, [3]],
    [{ state: 'retrying' }, [4]],
    [{ state: 'skipped' }, []],
    // The current stage of runs.
    [{ stage: 0 }, [2, 3, 4, 5, 6, 7]],
    [{ stage: 1 }, [1]],
    [{ stage: 2 }, [0]],
    // State of a stage.
    [{ stage: 0, state: 'done' }, [0, 1]],
    [{ stage: 1, state: 'done' }, [0]],
    [{ stage: 0, state: 'failed' }, [2]],
    [{ stage: 1, state: 'failed' }, [1]],
    [{ stage: 0, state: 'queued' }, [3]],
    [{ stage: 1, state: 'queued' }, []],
    [{ stage: 0, state: 'retrying' }, [4]],
    [{ stage: 0, state: 'cancelled' }, [5]],
    [{ stage: 0, state: 'waiting' }, [6, 7]],
    [{ stage: 1, state: 'waiting' }, [2, 3, 4, 5, 6, 7]],
    [{ stage: 2, state: 'waiting' }, []],
    // Marks and error groups; a failure that is retried is in no group.
    [{ mark: 'partial' }, [0]],
    [{ mark: 'empty', stage: 1 }, [0]],
    [{ mark: 'empty', stage: 0 }, []],
    [{ mark: 'warnings' }, []],
    [{ fingerprint: NO_CODEC }, [1]],
    [{ fingerprint: NO_SOUND }, [2]],
    [{ fingerprint: NO_SOUND, stage: 1 }, []],
    [{ fingerprint: 'shots_v1|nothing' }, []],
    // All filters combined.
    [{ mark: 'partial', state: 'done' }, [0]],
    [{ mark: 'partial', state: 'failed' }, []],
    [{ fingerprint: NO_CODEC, state: 'failed', stage: 1, query: 'aacip-1' }, [1]],
    // Part of a GUID in any spelling, or of a title.
    [{ query: 'CPB-aacip/3' }, [3]],
    [{ query: 'cpb-aacip_3' }, [3]],
    [{ query: 'tape cpb-aacip-5' }, [5]],
    [{ query: '%' }, []],
    [{ query: 'a_cip' }, []],
    [{ query: '\\' }, []],
    [{ query: '' }, [0, 1, 2, 3, 4, 5, 6, 7]],
  ])('returns for %j the rows %j', async (filter, expected) => {
    expect(await rows(filter)).toEqual(expected);
  });

  it.each<RunFilter>([{}, { stage: 1, state: 'waiting' }, { query: 'tape' }, { state: 'waiting' }])(
    'returns pages that join to the whole list (%j)',
    async (filter) => {
      const whole = await rows(filter);
      const seen: number[] = [];
      for (let after: number | null = null; ; after = seen.at(-1)!) {
        const slice = await rows(filter, { after, limit: 2 });
        if (slice.length === 0) break;
        seen.push(...slice);
      }
      expect(seen).toEqual(whole);
    },
  );

  it.each<RunFilter>([
    { query: 'tape' },
    { query: 'aacip-3' },
    { query: 'tape', state: 'failed' },
    { query: 'tape', state: 'waiting', stage: 1 },
    { query: 'tape', mark: 'partial' },
    { query: 'nothing' },
  ])('is the same for every search strategy (%j)', async (filter) => {
    const { dataSource } = archive;
    const fits = await filesThatFit(dataSource, runPatterns(filter.query), 100);
    const ids = async (scope: Scope) => {
      const { text, parameters } = chooseRuns(batch.id, filter, { after: 0, limit: 50 }, scope);
      return (await dataSource.query<{ id: string }[]>(text, [...parameters])).map(({ id }) => id);
    };
    const all = await ids({});
    expect(await ids({ files: fits })).toEqual(all);
    expect(await ids({ within: 100 })).toEqual(all);
    expect(await ids({ within: 0 })).toEqual([]);
    expect(await ids({ files: [] })).toEqual([]);
  });

  it('contains a run with marks at several stages once, also across pages', async () => {
    const marked = await OperatedBatch.start(archive, 3);
    await marked.admit();
    for (const row of [0, 1, 2]) {
      await marked.done(row, 0, { mark: 'warnings' });
      await marked.done(row, 1, { mark: 'warnings' });
    }
    const slice = (after: number | null) =>
      new RunsRepository(archive.dataSource).ofBatch(marked.id, { after, limit: 2 }, { mark: 'warnings' });
    expect((await slice(null))!.map(({ row }) => row)).toEqual([0, 1]);
    expect((await slice(1))!.map(({ row }) => row)).toEqual([2]);
    expect(await slice(2)).toEqual([]);
  });

  it('shows the current stage of each run and its marks', async () => {
    expect(await list({ query: 'aacip-0' })).toMatchObject([
      { row: 0, state: 'done', stages: ['done', 'done'], marks: ['partial', 'empty'], stage: 2 },
    ]);
    expect(await list({ state: 'failed', stage: 1 })).toMatchObject([{ row: 1, marks: [null, null], stage: 1 }]);
  });

  it('distinguishes a batch without matching runs from an unknown batch', async () => {
    expect(await list({ mark: 'warnings' })).toEqual([]);
    const slice = { after: null, limit: 1 };
    expect(await new RunsRepository(archive.dataSource).ofBatch(UNKNOWN, slice, { mark: 'partial' })).toBeNull();
  });

  it('relies on run IDs of a batch that ascend with their rows', async () => {
    const ids = batch.runs.map(({ run }) => run);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it.each<RunFilter>([
    {},
    { state: 'failed' },
    { stage: 1, state: 'waiting' },
    { stage: 1 },
    { mark: 'partial' },
    { fingerprint: NO_CODEC, stage: 1 },
  ])('never reads a whole table (%j)', async (filter) => {
    const { text, parameters } = chooseRuns(batch.id, filter, { after: 1, limit: 50 });
    const plan = await archive.dataSource.transaction(async (manager) => {
      await manager.query('set local enable_seqscan = off');
      return manager.query<{ 'QUERY PLAN': string }[]>(`explain ${text}`, [...parameters]);
    });
    const steps = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(steps).not.toMatch(/Seq Scan on (runs|stage_runs|media_files)/);
  });
});

describe('a run that has failed', () => {
  it('marks the later stages as not reached', async () => {
    const { stages } = await batch.run(2);
    expect(stages.map(({ notReached }) => notReached)).toEqual([
      undefined,
      'Not reached: the run failed at stage 0 (Shots).',
    ]);
    expect((await batch.run(5)).stages[1]!.notReached).toBe('Not reached: the run was cancelled at stage 0 (Shots).');
  });

  it('does not mark stages that will still run', async () => {
    for (const row of [1, 3, 4, 6])
      expect((await batch.run(row)).stages.map(({ notReached }) => notReached)).toEqual([undefined, undefined]);
  });
});
