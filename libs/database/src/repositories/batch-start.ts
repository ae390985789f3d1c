import type { DataSource } from 'typeorm';
import { lowestPass } from './lowest-pass.js';

/** Who starts a batch, and how much of it. */
export interface BatchStartOrder {
  readonly by: string | null;
  /** Only the first so many files; 0: all; null: as it was created, and after a trial the rest. */
  readonly trial: number | null;
}

/** What became of a start; of two at once, one is `already-started`. `continued`: more files of it may run now. */
export type BatchStart = 'started' | 'continued' | 'already-started' | 'archived' | 'unknown-batch';

/** The rows of a trial, or null when they are all rows. */
const trialOf = (files: string): string => `(
  select case when ${files} > 0 and ${files} < sum(c.count) then ${files} end
  from batch_run_counts c where c.batch_id = b.id)`;

const START = `
  update batches b set state = 'running', started_at = now(), started_by = $2, version = version + 1,
    trial_files = ${trialOf('coalesce($3::int, b.trial_files, 0)')}, pass = greatest(pass, (${lowestPass('$1')}))
  where id = $1 and state = 'draft' and archived_at is null returning id`;

/** Without a number only after the trial: whoever presses Start twice has not seen its results. */
const GO_ON = `
  update batches b set version = version + 1, trial_files = ${trialOf('coalesce($2::int, 0)')},
    pass = greatest(pass, (${lowestPass('$1')}))
  where id = $1 and state = 'running' and trial_files is not null and ($2::int = 0 or $2 > trial_files or $2 is null and not exists (
    select 1 from runs r where r.batch_id = b.id and r.row < b.trial_files and r.state in ('waiting', 'running')
  )) returning id`;

/** Starts a batch, or goes on with it after its trial. */
export async function startBatch(
  dataSource: Pick<DataSource, 'query'>,
  id: number,
  { by, trial }: BatchStartOrder,
): Promise<BatchStart> {
  const [started] = await dataSource.query<[unknown[], number]>(START, [id, by, trial]);
  if (started.length > 0) return 'started';
  const [continued] = await dataSource.query<[unknown[], number]>(GO_ON, [id, trial]);
  if (continued.length > 0) return 'continued';
  const [known] = await dataSource.query<{ archived: boolean }[]>(
    `select state = 'draft' and archived_at is not null as archived from batches where id = $1`,
    [id],
  );
  if (!known) return 'unknown-batch';
  return known.archived ? 'archived' : 'already-started';
}
