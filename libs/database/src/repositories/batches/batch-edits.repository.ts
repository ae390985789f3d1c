import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type EditBatch, FULL_STRIDE } from '#libs/contracts';
import { isKnownInput } from './batch-input.js';
import { addFileCounts } from './batches.repository.js';
import { lowestActivePass } from '../admission/pass.js';
import { recordAction } from '../commands/operator-action.js';
import { refusable, refuse } from '../commands/refusal.js';
import { textArray } from '../search/text-array.js';
import { unknownGuids } from './unknown-guids.js';

/** Result of an edit; `running`: a running batch cannot be archived. */
export type BatchEdit = 'edited' | 'running' | 'not-draft' | 'unknown-input' | 'unknown-batch';

/** Result of a change to a draft's files; only `edited` changes anything. */
export type BatchFilesEdit =
  | {
      readonly result: 'edited';
      readonly added: number;
      readonly removed: number;
      /** Number of files after the change. */
      readonly files: number;
    }
  | { readonly result: 'unknown-batch' | 'not-draft' | 'no-files' }
  | { readonly result: 'unknown-files'; readonly count: number; readonly guids: readonly string[] };

/** With a greater weight, the batch is served soon: its pass is at most one of its new strides above the lowest. */
const EDIT = `
  update batches b set version = version + 1, name = coalesce($2, name), weight = coalesce($3::int, weight),
    pass = case when $3 is null or state <> 'running' then pass
      else least(pass, (${lowestActivePass('$1')}) + ${FULL_STRIDE}.0 / $3) end,
    archived_at = case when $4::boolean is null then archived_at when $4 then coalesce(archived_at, now()) end,
    input = coalesce($5::jsonb, input), reuse = coalesce($6::boolean, reuse)
  where id = $1 and ($4 is not true or state <> 'running') and ($5::jsonb is null and $6::boolean is null or state = 'draft') returning id`;

/** Changes to batches. */
@Injectable()
export class BatchEditsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Changes the name, the weight, the archived flag and, for drafts only, the input choice and reuse. */
  edit(id: number, changes: EditBatch, actor: string): Promise<BatchEdit> {
    return this.dataSource.transaction(async (manager) => {
      const result = await edit(manager, id, changes);
      if (result === 'edited')
        await recordAction(manager, { verb: 'change-batch', actor, request: { batch: id, ...changes } }, {}, [id]);
      return result;
    });
  }

  /** Adds files to a draft and removes files from it; files that are already present or absent are ignored. */
  editFiles(
    id: number,
    { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
    actor: string,
  ): Promise<BatchFilesEdit> {
    return refusable(() =>
      this.dataSource.transaction(async (manager) => {
        // Each transaction that changes counters of a batch locks runs of it first, so concurrent edits wait here.
        await manager.query('select 1 from runs where batch_id = $1 order by id for update', [id]);
        const refusal = await refusalOf(manager, id, add);
        if (refusal) return refusal;
        const removed = await removeRuns(manager, id, remove);
        const added = await appendRuns(manager, id, add);
        await addFileCounts(manager, id, added - removed);
        const edited = await closeEdit(manager, id, { added, removed });
        const command = { verb: 'change-batch-files', actor, request: { batch: id } } as const;
        if (added + removed > 0) await recordAction(manager, command, { added, removed }, [id]);
        return edited;
      }),
    );
  }
}

async function edit(
  manager: EntityManager,
  id: number,
  { name, weight, archived, input, reuse }: EditBatch,
): Promise<BatchEdit> {
  if (input && !(await isKnownInput(manager, input))) return 'unknown-input';
  const change = [name ?? null, weight ?? null, archived ?? null, input ? JSON.stringify(input) : null, reuse ?? null];
  const [edited] = await manager.query<[unknown[], number]>(EDIT, [id, ...change]);
  if (edited.length > 0) return 'edited';
  const [known] = await manager.query<{ isDraft: boolean }[]>(
    `select state = 'draft' as "isDraft" from batches where id = $1`,
    [id],
  );
  if (!known) return 'unknown-batch';
  return (input ?? reuse) !== undefined && !known.isDraft ? 'not-draft' : 'running';
}

async function refusalOf(manager: EntityManager, id: number, add: readonly string[]): Promise<BatchFilesEdit | null> {
  const [batch] = await manager.query<{ state: string }[]>('select state from batches where id = $1', [id]);
  if (!batch) return { result: 'unknown-batch' };
  if (batch.state !== 'draft') return { result: 'not-draft' };
  const unknown = await unknownGuids(manager, add);
  return unknown.count > 0 ? { result: 'unknown-files', ...unknown } : null;
}

/** Makes the row numbers contiguous again. Two updates are needed because rows are unique at every moment. */
async function removeRuns(manager: EntityManager, id: number, guids: readonly string[]): Promise<number> {
  if (guids.length === 0) return 0;
  const [, removed] = await manager.query<[unknown, number]>(
    `delete from runs r using media_files m where r.batch_id = $1 and m.id = r.media_file_id and m.guid = any($2::text[])`,
    [id, textArray(guids)],
  );
  if (removed === 0) return 0;
  await manager.query(
    `update runs r set row = -moved.to_row - 1
     from (select id, row, row_number() over (order by row) - 1 as to_row from runs where batch_id = $1) moved
     where r.id = moved.id and moved.row <> moved.to_row`,
    [id],
  );
  await manager.query('update runs set row = -row - 1 where batch_id = $1 and row < 0', [id]);
  return removed;
}

async function appendRuns(manager: EntityManager, id: number, guids: readonly string[]): Promise<number> {
  const [{ added }] = await manager.query<[{ added: number }]>(
    `with wanted as (
       select m.id, min(t.n) as n from unnest($2::text[]) with ordinality as t(guid, n)
         join media_files m on m.guid = t.guid
       where not exists (select 1 from runs r where r.media_file_id = m.id and r.batch_id = $1) group by m.id
     ), appended as (
       insert into runs (batch_id, row, media_file_id)
       select $1, (select coalesce(max(row), -1) from runs where batch_id = $1) + row_number() over (order by n), id
       from wanted order by n returning 1
     ) select count(*)::int as added from appended`,
    [id, textArray(guids)],
  );
  return added;
}

/** Refuses the edit when the draft was started meanwhile; the transaction is rolled back. */
async function closeEdit(
  manager: EntityManager,
  id: number,
  { added, removed }: { readonly added: number; readonly removed: number },
): Promise<BatchFilesEdit> {
  const [[edited]] = await manager.query<[{ files: number }[], number]>(
    `update batches set version = version + 1 where id = $1 and state = 'draft'
     returning (select count from batch_run_counts where batch_id = $1 and state = 'waiting') as files`,
    [id],
  );
  if (!edited) return refuse<BatchFilesEdit>({ result: 'not-draft' });
  if (edited.files === 0) return refuse<BatchFilesEdit>({ result: 'no-files' });
  return { result: 'edited', added, removed, files: edited.files };
}
