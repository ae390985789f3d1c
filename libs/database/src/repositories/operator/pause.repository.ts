import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BatchState } from '#libs/contracts';
import { BREAKER } from '../apps/app-breakers.repository.js';
import { raiseVersion, raiseVersionsThrough } from '../state/batch-versions.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import type { BatchChange } from '../state/stage-change.js';
import { type OperatorCommand, recordAction, UNKNOWN_ACTOR } from '../commands/operator-action.js';
import { raisePass } from '../admission/pass.js';

/** Who paused something, and when; `why` is empty without a reason. */
export interface Pause {
  readonly by: string;
  readonly at: Date;
  readonly why: string;
}

/** Result of pausing or resuming a batch. */
export interface BatchPause {
  readonly state: BatchState;
  /** The pause before the command; null: it was not paused. */
  readonly before: Pause | null;
  readonly waiting: number;
  readonly running: number;
  /** Empty: nothing was changed. */
  readonly changes: readonly BatchChange[];
}

/** Result of pausing or resuming an app. */
export interface AppPause {
  readonly name: string;
  readonly before: Pause | null;
  /** The app was already in the requested state; nothing was changed. */
  readonly isAlready: boolean;
  readonly changes: readonly BatchChange[];
}

const BATCH = `
  select b.state, b.paused_at as at, b.paused_by as by, '' as why,
    coalesce((select count from batch_run_counts where batch_id = b.id and state = 'waiting'), 0) as waiting,
    coalesce((select count from batch_run_counts where batch_id = b.id and state = 'running'), 0) as running
  from batches b where b.id = $1 for update of b`;

const APP = `
  select id, name, paused_at as at, paused_by as by, coalesce(paused_why, '') as why
  from apps where slug = $1 for update`;

/** Pauses and resumes batches and apps; safe to repeat. */
@Injectable()
export class PauseRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Pauses a running batch, or resumes any batch; null when there is no such batch. */
  batch(
    id: number,
    command: OperatorCommand,
    { paused, dryRun }: { paused: boolean; dryRun: boolean },
  ): Promise<BatchPause | null> {
    return this.write(async (manager) => {
      const [row] = await manager.query<(PausedRow & Omit<BatchPause, 'before' | 'changes'>)[]>(BATCH, [id]);
      if (!row) return null;
      const { state, waiting, running } = row;
      const outcome = { state, waiting, running, before: pauseOf(row) };
      const isAlready = (outcome.before !== null) === paused || (paused && state !== 'running');
      if (dryRun || isAlready) return { ...outcome, changes: [] };
      await manager.query(
        'update batches set paused_at = case when $2 then now() end, paused_by = case when $2 then $3 end where id = $1',
        [id, paused, command.actor],
      );
      if (!paused) await raisePass(manager, id);
      await recordAction(manager, command, { waiting, running }, [id]);
      return { ...outcome, changes: [await raiseVersion(manager, id, [])] };
    });
  }

  /**
   * Pauses or resumes an app; null when there is no such app. The actor replaces the breaker as the owner of a pause.
   */
  app(
    slug: string,
    command: OperatorCommand,
    { paused, why, dryRun }: { paused: boolean; why: string; dryRun: boolean },
  ): Promise<AppPause | null> {
    return this.write(async (manager) => {
      const [row] = await manager.query<(PausedRow & { id: number; name: string })[]>(APP, [slug]);
      if (!row) return null;
      const { id, name } = row;
      const before = pauseOf(row);
      const isAlready = paused ? before !== null && before.by !== BREAKER : before === null;
      if (dryRun || isAlready) return { name, before, isAlready, changes: [] };
      await manager.query(
        `update apps set paused_at = case when $2 then coalesce(paused_at, now()) end,
           paused_by = case when $2 then $3 end, paused_why = case when $2 then $4 end where id = $1`,
        [id, paused, command.actor, why],
      );
      await recordAction(manager, command, { app: slug });
      return { name, before, isAlready, changes: await raiseVersionsThrough(manager, id) };
    });
  }

  private write<Outcome>(work: (manager: EntityManager) => Promise<Outcome>): Promise<Outcome> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      return work(manager);
    });
  }
}

interface PausedRow {
  readonly at: Date | null;
  readonly by: string | null;
  readonly why: string;
}

const pauseOf = ({ at, by, why }: PausedRow): Pause | null =>
  at === null ? null : { at, by: by ?? UNKNOWN_ACTOR, why };
