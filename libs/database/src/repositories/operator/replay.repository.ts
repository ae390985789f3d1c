import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { canChangeRun, type ReplayedRuns, type RunState } from '#libs/contracts';
import { ALLOW_LONG_STATEMENTS } from '../../connection-limits.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import type { BatchChange } from '../state/stage-change.js';
import { restartRuns } from './restart-runs.js';
import { type OperatorCommand, recordAction } from '../commands/operator-action.js';

/** Which runs to replay, and from which stage (null: the stage at which each run ended). */
export type ReplayTarget =
  | { readonly run: number; readonly stage: number | null }
  /** The failed or cancelled runs of a batch, of one of its error groups, or of one app in it. */
  | {
      readonly batch: number;
      readonly runs: ReplayedRuns;
      readonly stage: number | null;
      readonly fingerprint: string | null;
      readonly app: string | null;
    }
  /** Runs that failed at exactly these stages. */
  | { readonly failedAt: readonly { readonly run: number; readonly index: number }[] };

/** Why a requested run is not replayed. */
export type LeftOut =
  /** It is waiting or running. */
  | 'open'
  /** Its pipeline has no such stage. */
  | 'no-stage'
  /** The output of the previous stage is not stored. */
  | 'no-input'
  /** It has not failed at the given stage. */
  | 'elsewhere';

/** A requested run and the stage from which it is replayed. */
export interface ReplayRun {
  readonly run: number;
  readonly batch: number;
  readonly row: number;
  readonly guid: string;
  readonly state: RunState;
  readonly index: number;
  /** Number of stages of its pipeline. */
  readonly stages: number;
  /** Name of the app of that stage; null when there is no such stage. */
  readonly app: string | null;
}

/** Result of a replay, or of its dry run. */
export interface Replay {
  readonly again: readonly ReplayRun[];
  readonly leftOut: readonly (ReplayRun & { readonly why: LeftOut })[];
  /** Paused batches of `again`: their runs wait until the batch is resumed. */
  readonly pausedBatches: readonly number[];
  readonly changes: readonly BatchChange[];
}

type RunRow = ReplayRun & { readonly hasInput: boolean; readonly nextIndex: number; readonly paused: boolean };

/** Replays stages of ended runs as a new generation. */
@Injectable()
export class ReplayRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Returns up to 100,000 ended runs to `waiting` at a stage; null when there is no such run or batch. */
  replay(target: ReplayTarget, command: OperatorCommand, { dryRun }: { dryRun: boolean }): Promise<Replay | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(ALLOW_LONG_STATEMENTS);
      if (!(await isKnown(manager, target))) return null;
      const rows = await lockTargets(manager, target);
      const judged = rows.map((row) => ({ row, why: refusalOf(row, target) }));
      const again = judged.filter(({ why }) => why === null).map(({ row }) => row);
      const leftOut = judged.flatMap(({ row, why }) => (why === null ? [] : [{ ...row, why }]));
      const changes = dryRun || again.length === 0 ? [] : await restartRuns(manager, again);
      if (changes.length > 0) {
        const outcome = { again: again.length, leftOut: leftOut.length };
        await recordAction(
          manager,
          command,
          outcome,
          changes.map(({ batch }) => batch),
        );
      }
      const pausedBatches = [...new Set(again.filter(({ paused }) => paused).map(({ batch }) => batch))];
      return { again, leftOut, pausedBatches, changes };
    });
  }
}

function refusalOf({ state, index, stages, hasInput, nextIndex }: RunRow, target: ReplayTarget): LeftOut | null {
  if (!canChangeRun('replay', state, 'waiting')) return 'open';
  if (!('run' in target) && state !== ('runs' in target ? target.runs : 'failed')) return 'elsewhere';
  if ('failedAt' in target && nextIndex !== index) return 'elsewhere';
  if (index >= stages) return 'no-stage';
  return hasInput ? null : 'no-input';
}

async function isKnown(manager: EntityManager, target: ReplayTarget): Promise<boolean> {
  if ('failedAt' in target) return true;
  const [table, id] = 'run' in target ? ['runs', target.run] : ['batches', target.batch];
  return (await manager.query<unknown[]>(`select 1 from ${table} where id = $1`, [id])).length > 0;
}

const ENDED = `
  select r.id as run from runs r join batches b on b.id = r.batch_id
    left join stage_runs s on s.run_id = r.id and s.index = r.next_index
    left join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = r.next_index
    left join apps a on a.id = p.app_id
  where r.batch_id = $1 and r.state = $4
    and ($2::text is null or s.fingerprint = $2) and ($3::text is null or a.slug = $3)`;

const READ = `
  select r.id as run, r.batch_id as batch, r.row, m.guid, r.state, at.index, r.next_index as "nextIndex", a.name as app,
    (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages,
    at.index = 0 or before.document is not null as "hasInput", b.paused_at is not null as paused
  from unnest($1::bigint[], $2::int[]) as chosen(run, index)
    join runs r on r.id = chosen.run join batches b on b.id = r.batch_id join media_files m on m.id = r.media_file_id
    cross join lateral (
      select coalesce(chosen.index, case when r.state = 'done' then 0 else r.next_index end) as index
    ) at
    left join pipeline_stages p on p.version_id = b.pipeline_version_id and p.index = at.index
    left join apps a on a.id = p.app_id
    left join stage_runs before on before.run_id = r.id and before.index = at.index - 1
  order by r.id`;

/** Locks the runs before it reads them, so that they cannot change meanwhile. */
async function lockTargets(manager: EntityManager, target: ReplayTarget): Promise<RunRow[]> {
  const chosen = await choose(manager, target);
  const ids = chosen.map(({ run }) => run);
  await manager.query('select 1 from runs where id = any($1::bigint[]) order by id for update', [ids]);
  const rows = await manager.query<(Omit<RunRow, 'run'> & { run: string })[]>(READ, [
    ids,
    chosen.map(({ index }) => index),
  ]);
  return rows.map((row) => ({ ...row, run: Number(row.run) }));
}

async function choose(
  manager: EntityManager,
  target: ReplayTarget,
): Promise<readonly { run: number | string; index: number | null }[]> {
  if ('failedAt' in target)
    return [...new Map(target.failedAt.map((stage) => [`${stage.run}/${stage.index}`, stage])).values()];
  const { stage: index } = target;
  if ('run' in target) return [{ run: target.run, index }];
  const { batch, runs, fingerprint, app } = target;
  const rows = await manager.query<{ run: string }[]>(ENDED, [batch, fingerprint, app, runs]);
  return rows.map(({ run }) => ({ run, index }));
}
