import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchRetentionRule, BatchState, RetentionLeft, RetentionRule } from '#libs/contracts';
import { recordAction } from '../commands/operator-action.js';

/** Default retention of the installation. */
export interface InstallationRetention extends RetentionRule {
  readonly changedBy: string | null;
  readonly changedAt: Date | null;
}

/** Retention of a batch, and what is left of it. */
export interface BatchRetention extends RetentionRule {
  readonly batch: number;
  readonly state: BatchState;
  /** False: the batch follows the installation. */
  readonly own: boolean;
  readonly kept: RetentionLeft;
  readonly finishedAt: Date | null;
}

const BATCHES = `
  select b.id as batch, b.state, r.keep is not null as own, coalesce(r.keep, i.keep) as keep,
    case when r.keep is null then i.days else r.days end as days, b.finished_at as "finishedAt",
    case when r.finished_at = b.finished_at then r.kept else 'all' end as kept
  from batches b cross join retention i left join batch_retention r on r.batch_id = b.id`;

/** In a batch that runs again, removed documents stay removed, except those of stages that run again. */
const FINISHED = `
  select * from (${BATCHES}) finished
  where state = 'finished' and "finishedAt" is not null and kept <> 'none' and (keep <> 'all' or days is not null)
  order by "finishedAt"`;

/** Retention settings of the installation and of single batches. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly dataSource: DataSource) {}

  async ofInstallation(): Promise<InstallationRetention> {
    const [found] = await this.dataSource.query<[InstallationRetention]>(
      'select keep, days, changed_by as "changedBy", changed_at as "changedAt" from retention',
    );
    return found;
  }

  change({ keep, days }: RetentionRule, actor: string): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('update retention set keep = $1, days = $2, changed_by = $3, changed_at = now()', [
        keep,
        days,
        actor,
      ]);
      await recordAction(manager, { actor, verb: 'change-retention', request: { keep, days } }, {});
    });
  }

  /** Null when there is no such batch. */
  async ofBatch(id: number): Promise<BatchRetention | null> {
    const [found] = await this.dataSource.query<BatchRetention[]>(`${BATCHES} where b.id = $1`, [id]);
    return found ?? null;
  }

  /** Changes the retention of a batch; does nothing when the batch was deleted. */
  changeBatch(batch: number, { keep, days }: BatchRetentionRule, actor: string): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(
        `insert into batch_retention (batch_id, keep, days) select id, $2, $3 from batches where id = $1
         on conflict (batch_id) do update set keep = excluded.keep, days = excluded.days`,
        [batch, keep, days],
      );
      await recordAction(manager, { actor, verb: 'change-retention', request: { batch, keep, days } }, {}, [batch]);
    });
  }

  /** Finished batches that may have expired documents, the earliest finished first. */
  finished(): Promise<BatchRetention[]> {
    return this.dataSource.query<BatchRetention[]>(FINISHED);
  }

  /** Finished batches that follow the retention of the installation. */
  following(): Promise<BatchRetention[]> {
    return this.dataSource.query<BatchRetention[]>(
      `select * from (${BATCHES}) following where state = 'finished' and "finishedAt" is not null and not own`,
    );
  }
}
