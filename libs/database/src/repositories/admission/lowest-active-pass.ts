/**
 * Statement that gives the lowest pass of all batches but one of which something waits or is under way now; a batch
 * whose trial has ended keeps the pass of that time, beside which nobody should begin.
 */
export const lowestPass = (except: string): string => `
  select min(other.pass) from batches other
  where other.state = 'running' and other.paused_at is null and other.id <> ${except}
    and (other.trial_files is null or exists (
      select 1 from runs r
      where r.batch_id = other.id and r.row < other.trial_files and r.state in ('waiting', 'running')
    ))`;
