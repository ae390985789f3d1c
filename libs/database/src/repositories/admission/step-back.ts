import type { EntityManager } from 'typeorm';
import { type EndedRun, restartRuns } from '../operator/restart-runs.js';
import type { BatchChange } from '../state/stage-change.js';

const RUNS = `
  select r.id as run, r.batch_id as batch, r.row, r.state, r.next_index - 1 as index,
    (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages
  from runs r join batches b on b.id = r.batch_id
  where r.id = any($1) and r.next_index > 0`;

/**
 * Moves locked waiting runs whose input is not archived back one stage, which produces it again. The input can be lost
 * when neither the broker nor the database has it, for example after a database rollback.
 */
export async function stepBack(manager: EntityManager, runs: readonly number[]): Promise<BatchChange[]> {
  if (runs.length === 0) return [];
  const rows = await manager.query<(Omit<EndedRun, 'run'> & { readonly run: string })[]>(RUNS, [runs]);
  return restartRuns(
    manager,
    rows.map(({ run, ...row }) => ({ ...row, run: Number(run) })),
  );
}
