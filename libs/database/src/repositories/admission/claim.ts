import type { EntityManager } from 'typeorm';
import type { MediaKind, StageState } from '#libs/contracts';
import { earlierCalls } from '../state/past-stages.js';
import { runStatesBefore, stageStatesBefore } from '../state/transition-conditions.js';

/** A claimed run with its next stage and the generation of that stage's message. */
export interface ClaimedRun {
  readonly id: number;
  readonly row: number;
  readonly index: number;
  readonly generation: number;
  readonly guid: string;
  readonly path: string;
  readonly kind: MediaKind;
  /** Calls of that stage in generations that the sweeper has replaced. */
  readonly calls: number;
  /**
   * Input of that stage: the output of the previous stage, or the document chosen for the first stage; null: a blank
   * document that names the source.
   */
  readonly input: { readonly sha256: string; readonly bytes: number } | null;
}

/** A locked run, and what its stage was before. */
export type Claim = ClaimedRun & { readonly oldState: StageState; readonly oldFingerprint: string | null };

/** Locked runs of a batch at one stage. */
export interface Claims {
  readonly runs: Claim[];
  /** Ids of runs that cannot continue, because the output of the previous stage is lost. */
  readonly withoutInput: number[];
}

/**
 * The stage of a run may be admitted, and the document that was chosen as its first input exists. A waiting run that is
 * older than a cancellation of its batch is about to be cancelled.
 */
const IS_READY = `
  r.state in ${runStatesBefore('admit', 'running')} and r.not_before <= now()
    and r.generation >= (select cancelled_generation from batch)
    and r.row < (select coalesce(trial_files, 2147483647) from batch)
    and (r.reuse_decided or r.generation > 0 or not (select reuse from batch))
    and coalesce((select s.state from stage_runs s where s.run_id = r.id and s.index = r.next_index), 'waiting')
      in ${stageStatesBefore('admit', 'queued')}
    and (r.next_index > 0 or r.input_document is null
      or (select true from documents d where d.sha256 = r.input_document))`;

/**
 * Makes the index `runs_waiting_by_stage` provide the order of waiting runs until the transaction ends. After a large batch
 * was created, the statistics may still say that no run waits; then another index and a sort of 100,000 runs look as
 * cheap.
 */
export const IN_INDEX_ORDER = 'set local enable_sort = off';

/**
 * Statement that locks the oldest ready runs of batch $1 at stage $3, at most $2. Of a held stage, only the probe is
 * ready. Batch, hold and stage are read with scalar subqueries, because a join would not keep the order of the index;
 * tables are joined only to the locked runs (`claim-plan.int-spec.ts`).
 */
export const CLAIM = `
  with batch as (
    select trial_files, reuse, cancelled_generation from batches
    where id = $1 and state = 'running' and paused_at is null
  ), hold as (
    select probe_run from batch_holds where batch_id = $1 and stage = $3
  ), chosen as materialized (
    select * from (
      select r.* from runs r
      where r.batch_id = $1 and r.next_index = $3 and not exists (select 1 from hold) and ${IS_READY}
      order by r.not_before, r.row limit $2 for update skip locked
    ) oldest
    union all
    select * from (
      select r.* from runs r
      where r.id = (select probe_run from hold) and r.batch_id = $1 and r.next_index = $3 and ${IS_READY}
      for update skip locked
    ) probe
  )
  select r.id, r.row, r.next_index as index,
    greatest(r.generation, (select cancelled_generation from batch)) + 1 as generation, m.guid, m.path, m.kind,
    ${earlierCalls('s')} as calls, coalesce(s.state, 'waiting') as "oldState", s.fingerprint as "oldFingerprint",
    d.sha256, d.bytes
  from chosen r join media_files m on m.id = r.media_file_id
    left join stage_runs s on s.run_id = r.id and s.index = r.next_index
    left join stage_runs before on before.run_id = r.id and before.index = r.next_index - 1
    left join documents d on d.sha256 = case when r.next_index = 0 then r.input_document else before.document end
  order by r.not_before, r.row`;

type ClaimRow = Omit<Claim, 'id' | 'input'> & {
  readonly id: string;
  readonly sha256: string | null;
  readonly bytes: string | null;
};

/** Locks the oldest ready runs of a running batch at a stage until the transaction ends. */
export async function claimRuns(
  manager: EntityManager,
  { batch, nextIndex, limit }: { readonly batch: number; readonly nextIndex: number; readonly limit: number },
): Promise<Claims> {
  await manager.query(IN_INDEX_ORDER);
  const rows = await manager.query<ClaimRow[]>(CLAIM, [batch, limit, nextIndex]);
  const claims = rows.map(claimOf);
  const canContinue = ({ index, input }: Claim) => index === 0 || input !== null;
  return {
    runs: claims.filter(canContinue),
    withoutInput: claims.filter((claim) => !canContinue(claim)).map(({ id }) => id),
  };
}

const claimOf = ({ sha256, bytes, ...row }: ClaimRow): Claim => ({
  ...row,
  id: Number(row.id),
  input: sha256 === null ? null : { sha256, bytes: Number(bytes) },
});

/** What is published of a claim. */
export const asPublished = ({ id, row, index, generation, guid, path, kind, calls, input }: Claim): ClaimedRun => ({
  id,
  row,
  index,
  generation,
  guid,
  path,
  kind,
  calls,
  input,
});
