import type { DataSource, EntityManager } from 'typeorm';
import type { InputChoice } from '#libs/contracts';
import { findInputs, resolveInputs } from './batch-input.js';
import { keepDocuments } from './input-lock.js';
import { lowestActivePass } from '../admission/pass.js';
import { recordAction, UNKNOWN_ACTOR } from '../commands/operator-action.js';
import { refusable, refuse } from '../commands/refusal.js';

/** Who starts a batch, and how many files of it. */
export interface BatchStartOrder {
  readonly by: string | null;
  /** Number of files for a trial; 0: all; null: the number set at creation, or after a trial the remaining files. */
  readonly trial: number | null;
}

/** Result of a start. Of two concurrent starts, one is `already-started`. `continued`: more files can run now. */
export type BatchStart = 'started' | 'continued' | 'already-started' | 'archived' | 'unknown-batch' | MissingInputs;

/** Files that lack the chosen input document; nothing was started. */
export interface MissingInputs {
  readonly count: number;
  /** The first of them. */
  readonly guids: readonly string[];
}

/** Number of rows in the trial; null when it includes all rows. */
const trialOf = (files: string): string => `(
  select case when ${files} > 0 and ${files} < sum(c.count) then ${files} end
  from batch_run_counts c where c.batch_id = b.id)`;

const START = `
  update batches b set state = 'running', started_at = now(), started_by = $2, version = version + 1,
    trial_files = ${trialOf('coalesce($3::int, b.trial_files, 0)')}, pass = greatest(pass, (${lowestActivePass('$1')}))
  where id = $1 and state = 'draft' and archived_at is null returning id`;

/** Ordered, so that two concurrent starts with the same files do not deadlock. */
const MARK_TOUCHED = `
  delete from untouched_files where media_file_id in (
    select u.media_file_id from runs r join untouched_files u on u.media_file_id = r.media_file_id
    where r.batch_id = $1 order by u.media_file_id for update of u
  )`;

/**
 * Without a number, the batch continues only after the trial has ended: a repeated start command must not skip its
 * results.
 */
const CONTINUE = `
  update batches b set version = version + 1, trial_files = ${trialOf('coalesce($2::int, 0)')},
    pass = greatest(pass, (${lowestActivePass('$1')}))
  where id = $1 and state = 'running' and trial_files is not null and ($2::int = 0 or $2 > trial_files or $2 is null and not exists (
    select 1 from runs r where r.batch_id = b.id and r.row < b.trial_files and r.state in ('waiting', 'running')
  )) returning id`;

/** Starts a batch or continues it after its trial. */
export async function startBatch(dataSource: DataSource, id: number, order: BatchStartOrder): Promise<BatchStart> {
  const draft = await startDraft(dataSource, id, order);
  if (draft !== null) return draft;
  if (await continueAfterTrial(dataSource, id, order)) return 'continued';
  const [known] = await dataSource.query<{ archived: boolean }[]>(
    `select state = 'draft' and archived_at is not null as archived from batches where id = $1`,
    [id],
  );
  if (!known) return 'unknown-batch';
  return known.archived ? 'archived' : 'already-started';
}

/** Null when the batch is not a draft that can start. Finding the input documents and the start are one transaction. */
async function startDraft(dataSource: DataSource, id: number, order: BatchStartOrder): Promise<BatchStart | null> {
  const input = await inputOf(dataSource, id);
  if (input === null) return null;
  if (input.kind === 'source') return dataSource.transaction((manager) => begin(manager, id, order));
  return refusable(() =>
    dataSource.transaction(async (manager) => {
      // One of several concurrent starts finds the input documents; the others wait for the locks and find the batch
      // started.
      await manager.query('select 1 from runs where batch_id = $1 order by id for update', [id]);
      await keepDocuments(manager);
      const current = await inputOf(manager, id);
      if (current === null) return null;
      await resolveInputs(manager, id, current);
      if (current.kind !== 'source' && current.missing !== 'source') {
        const { missing } = await findInputs(manager, id, current);
        if (missing.count > 0) refuse<BatchStart>(missing);
      }
      return begin(manager, id, order);
    }),
  );
}

async function inputOf(manager: Pick<EntityManager, 'query'>, id: number): Promise<InputChoice | null> {
  const [draft] = await manager.query<{ input: InputChoice }[]>(
    `select input from batches where id = $1 and state = 'draft' and archived_at is null`,
    [id],
  );
  return draft?.input ?? null;
}

async function begin(manager: EntityManager, id: number, order: BatchStartOrder): Promise<'started' | null> {
  const [started] = await manager.query<[unknown[], number]>(START, [id, order.by, order.trial]);
  if (started.length === 0) return null;
  // The files of a started batch can no longer change.
  await manager.query(MARK_TOUCHED, [id]);
  await recordStart(manager, id, order, 'started');
  return 'started';
}

/** Whether the command allows more files to run. */
const continueAfterTrial = (dataSource: DataSource, id: number, order: BatchStartOrder): Promise<boolean> =>
  dataSource.transaction(async (manager) => {
    const [continued] = await manager.query<[unknown[], number]>(CONTINUE, [id, order.trial]);
    if (continued.length > 0) await recordStart(manager, id, order, 'continued');
    return continued.length > 0;
  });

const recordStart = (manager: EntityManager, id: number, { by, trial }: BatchStartOrder, result: BatchStart) =>
  recordAction(
    manager,
    { verb: 'start-batch', actor: by ?? UNKNOWN_ACTOR, request: { batch: id, trial } },
    { result },
    [id],
  );
