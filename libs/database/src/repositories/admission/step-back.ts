import type { EntityManager } from 'typeorm';
import { type EndedRun, restartRuns } from '../operator/restart-runs.js';
import type { BatchChange } from '../state/stage-change.js';

/** Waiting runs of a batch whose next stage has lost its input. */
const WITHOUT_INPUT = `
  select r.id as run, r.batch_id as batch, r.row, r.state, r.next_index - 1 as index,
    (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages
  from runs r join batches b on b.id = r.batch_id
    left join stage_runs before on before.run_id = r.id and before.index = r.next_index - 1
    left join documents d on d.sha256 = before.document
  where r.batch_id = $1 and b.state = 'running' and b.paused_at is null and r.state = 'waiting' and r.next_index > 0
    and r.not_before <= now() and (b.trial_files is null or r.row < b.trial_files) and d.sha256 is null
  order by r.row limit $2 for update of r skip locked`;

/**
 * Moves waiting runs whose input is not archived back one stage, which produces it again; null when there are none. The
 * input can be lost when neither the broker nor the database has it, for example after a database rollback.
 */
export async function stepBack(manager: EntityManager, batch: number, limit: number): Promise<BatchChange | null> {
  const rows = await manager.query<(Omit<EndedRun, 'run'> & { readonly run: string })[]>(WITHOUT_INPUT, [batch, limit]);
  if (rows.length === 0) return null;
  const [change] = await restartRuns(
    manager,
    rows.map(({ run, ...row }) => ({ ...row, run: Number(run) })),
  );
  return change ?? null;
}
