import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { raisePass } from '../admission/pass.js';
import { BREAKER } from '../apps/app-breakers.repository.js';
import type { BatchChange } from '../state/stage-change.js';
import { raiseVersion } from '../state/batch-versions.js';

/** A batch that is held at a stage. Times are milliseconds since 1970. */
export interface HoldRow {
  readonly batch: number;
  readonly stage: number;
  /** The repeated failure; null: a person holds the batch. */
  readonly fingerprint: string | null;
  readonly trips: number;
  readonly probeAt: number | null;
  /** The run that may pass, as a probe. */
  readonly probeRun: number | null;
}

type HeldStage = Pick<HoldRow, 'batch' | 'stage'>;

/** A waiting or running run that has not reached the end of a stage yet and has never failed at it. */
const FRESH = (batch: string, stage: string): string => `
  from runs r left join stage_runs s on s.run_id = r.id and s.index = r.next_index
  where r.batch_id = ${batch} and r.state in ('waiting', 'running')
    and (r.next_index < ${stage} or r.next_index = ${stage} and r.attempt = 0 and s.state is distinct from 'retrying')`;

/** Holds of batches by the circuit breaker. A person's hold takes precedence. */
@Injectable()
export class BatchHoldsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  async all(): Promise<HoldRow[]> {
    const rows = await this.dataSource.query<
      (Omit<HoldRow, 'probeAt' | 'probeRun'> & { probeAt: Date | null; probeRun: string | null })[]
    >(
      `select batch_id as batch, stage, fingerprint, trips, probe_at as "probeAt", probe_run as "probeRun"
       from batch_holds order by batch_id, stage`,
    );
    return rows.map((row) => ({
      ...row,
      probeAt: row.probeAt?.getTime() ?? null,
      probeRun: row.probeRun === null ? null : Number(row.probeRun),
    }));
  }

  /** Holds a running batch at a stage. Null: it is already held, or only retries are left. */
  hold({ batch, stage, fingerprint, trips, probeAt }: HoldRow, reason: string): Promise<BatchChange | null> {
    return this.change(
      batch,
      `insert into batch_holds (batch_id, stage, held_by, reason, fingerprint, trips, probe_at)
       select b.id, $2, $3, $4, $5, $6, $7 from batches b
       where b.id = $1 and b.state = 'running' and exists (select 1 ${FRESH('$1', '$2')})
       on conflict do nothing returning batch_id as batch`,
      [batch, stage, BREAKER, reason, fingerprint, trips, probeAt === null ? null : new Date(probeAt)],
    );
  }

  /** Ends a hold of the breaker; null: there is none. */
  end({ batch, stage }: HeldStage): Promise<BatchChange | null> {
    return this.change(
      batch,
      `delete from batch_holds where batch_id = $1 and stage = $2 and held_by = $3 returning batch_id as batch`,
      [batch, stage, BREAKER],
      raisePass,
    );
  }

  /** Stores when the next file passes as a probe; `trips` null: unchanged. */
  probeAgain({ batch, stage }: HeldStage, trips: number | null, probeAt: number): Promise<BatchChange | null> {
    return this.change(
      batch,
      `update batch_holds set trips = coalesce($4, trips), probe_at = $5, probe_run = null
       where batch_id = $1 and stage = $2 and held_by = $3 returning batch_id as batch`,
      [batch, stage, BREAKER, trips, new Date(probeAt)],
    );
  }

  /**
   * Chooses a waiting file that has not failed at the stage as the probe of every hold that is due. A hold whose batch
   * has only retries left, or has ended, is ended. Returns the changed batches.
   */
  async chooseProbes(now: number): Promise<BatchChange[]> {
    const due = await this.dataSource.query<(HeldStage & { fresh: string | null; anyLeft: boolean })[]>(
      `select h.batch_id as batch, h.stage, (
         select r.id ${FRESH('h.batch_id', 'h.stage')} and r.next_index = h.stage and r.state = 'waiting'
         order by r.not_before, r.row limit 1
       ) as fresh, exists (select 1 ${FRESH('h.batch_id', 'h.stage')}) as "anyLeft"
       from batch_holds h
       where h.held_by = $1 and h.probe_at <= $2 and not exists (
         select 1 from runs r
         where r.id = h.probe_run and r.next_index = h.stage and r.state in ('waiting', 'running')
       )`,
      [BREAKER, new Date(now)],
    );
    const changes: (BatchChange | null)[] = [];
    for (const { batch, stage, fresh, anyLeft } of due) {
      if (!anyLeft) changes.push(await this.end({ batch, stage }));
      else if (fresh !== null)
        changes.push(
          await this.change(
            batch,
            `update batch_holds set probe_run = $4 where batch_id = $1 and stage = $2 and held_by = $3
             returning batch_id as batch`,
            [batch, stage, BREAKER, fresh],
          ),
        );
    }
    return changes.filter((change) => change !== null);
  }

  /** Batches that are running. */
  async runningBatches(): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: number }[]>("select id from batches where state = 'running'");
    return rows.map(({ id }) => id);
  }

  private change(
    batch: number,
    statement: string,
    parameters: readonly unknown[],
    then?: (manager: EntityManager, batch: number) => Promise<void>,
  ): Promise<BatchChange | null> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const result = await manager.query<[unknown[], number] | unknown[]>(statement, [...parameters]);
      // TypeORM returns the rows of an insert, and rows with their number for an update or a delete.
      const rows = Array.isArray(result[0]) ? result[0] : result;
      if (rows.length === 0) return null;
      await then?.(manager, batch);
      return raiseVersion(manager, batch, []);
    });
  }
}
