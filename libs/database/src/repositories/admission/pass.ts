import type { EntityManager } from 'typeorm';

/**
 * Statement for the lowest pass of all other batches with waiting or running runs. A batch whose trial has ended is
 * excluded: its pass no longer grows, so it would be too low for a batch that joins.
 */
export const lowestActivePass = (except: string): string => `
  select min(other.pass) from batches other
  where other.state = 'running' and other.paused_at is null and other.id <> ${except}
    and (other.trial_files is null or exists (
      select 1 from runs r
      where r.batch_id = other.id and r.row < other.trial_files and r.state in ('waiting', 'running')
    ))`;

/**
 * A batch that joins or resumes gets at least the pass of the batch that is served next; a lower pass would starve the
 * others.
 */
export async function raisePass(manager: EntityManager, batch: number): Promise<void> {
  await manager.query(`update batches set pass = greatest(pass, (${lowestActivePass('$1')})) where id = $1`, [batch]);
}
