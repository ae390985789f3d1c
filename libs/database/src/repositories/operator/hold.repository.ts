import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchState } from '#libs/contracts';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { raisePass } from '../admission/pass.js';
import type { BatchChange } from '../state/stage-change.js';
import { raiseVersion } from '../state/batch-versions.js';
import { type OperatorCommand, recordAction } from '../commands/operator-action.js';

/** Result of holding a batch at a stage, or of resuming it there. */
export interface BatchHold {
  readonly state: BatchState;
  /** Number of stages of its pipeline. */
  readonly stages: number;
  /** The hold before the command; null: it was not held there. */
  readonly before: { readonly by: string; readonly reason: string; readonly since: Date } | null;
  /** Waiting runs at this stage. */
  readonly waiting: number;
  /** Null: nothing was changed. */
  readonly change: BatchChange | null;
}

/** Which stage of which batch; `held` false: end the hold. */
export interface HoldTarget {
  readonly batch: number;
  readonly stage: number;
  readonly held: boolean;
  readonly why: string;
  readonly dryRun: boolean;
}

const BATCH = `
  select b.state, (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages,
    (select json_build_object('by', h.held_by, 'reason', h.reason, 'since', h.since) from batch_holds h
     where h.batch_id = b.id and h.stage = $2) as before,
    (select count(*)::int from runs r where r.batch_id = b.id and r.state = 'waiting' and r.next_index = $2) as waiting
  from batches b where b.id = $1 for update of b`;

type Row = Omit<BatchHold, 'before' | 'change'> & {
  readonly before: { by: string; reason: string; since: string } | null;
};

/** Holds and resumes batches at a stage for a person; safe to repeat. */
@Injectable()
export class HoldRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Null when there is no such batch. A person's hold replaces the hold of the breaker. */
  apply(target: HoldTarget, command: OperatorCommand): Promise<BatchHold | null> {
    const { batch, stage, held, why, dryRun } = target;
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const [row] = await manager.query<Row[]>(BATCH, [batch, stage]);
      if (!row) return null;
      const before = row.before && { ...row.before, since: new Date(row.before.since) };
      const isPossible = held ? row.state === 'running' && stage < row.stages : before !== null;
      if (dryRun || !isPossible) return { ...row, before, change: null };
      if (held)
        await manager.query(
          `insert into batch_holds (batch_id, stage, held_by, reason) values ($1, $2, $3, $4)
           on conflict (batch_id, stage) do update set held_by = excluded.held_by, reason = excluded.reason,
             fingerprint = null, probe_at = null, probe_run = null`,
          [batch, stage, command.actor, why],
        );
      else {
        await manager.query('delete from batch_holds where batch_id = $1 and stage = $2', [batch, stage]);
        await raisePass(manager, batch);
      }
      await recordAction(manager, command, { stage, waiting: row.waiting }, [batch]);
      return { ...row, before, change: await raiseVersion(manager, batch, []) };
    });
  }
}
