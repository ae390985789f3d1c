import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { heldStages } from '../holds/held-stages.js';

/** What workers check before they call the app for a stage of a batch. */
export interface BatchOrderRow {
  readonly batch: number;
  readonly paused: boolean;
  /** Stages that are settled as parked, except for the run that is the probe; null: none. Times are ISO 8601. */
  readonly held:
    | readonly {
        readonly stage: number;
        readonly by: string;
        readonly reason: string;
        readonly since: string;
        readonly probeAt: string | null;
        readonly probe: number | null;
      }[]
    | null;
  /** Stages of this generation and of older ones are cancelled; 0: none. */
  readonly cancelledGeneration: number;
  /** Runs that were cancelled individually, with the newest cancelled generation; null: none. */
  readonly cancelledRuns: readonly { readonly run: number; readonly generation: number }[] | null;
}

/**
 * In seconds. For a message older than this, workers check the settlement before the call. Until then they must know
 * that its run was cancelled, because the sweep may have settled it.
 */
const REPORTED_AFTER_END = 120;
/** Limit per batch, so that its orders fit one message. */
const MAX_RUNS = 5000;

/** Reads the pauses and cancellations that workers need. */
@Injectable()
export class BatchOrdersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Every batch that is running or finished a short time ago, and recently cancelled batches: their messages may be
   * delivered again until the stream deletes them (`keptFor`, in seconds).
   */
  orders(keptFor: number): Promise<BatchOrderRow[]> {
    return this.dataSource.query<BatchOrderRow[]>(
      `select b.id as batch, b.paused_at is not null as paused, b.cancelled_generation as "cancelledGeneration", ${heldStages('b.id')} as held, (
         select json_agg(json_build_object('run', c.id, 'generation', c.cancelled_generation) order by c.id) from (
           select r.id, r.cancelled_generation from runs r
           where r.batch_id = b.id and r.cancelled_generation > 0
             and (r.state = 'running' and r.generation <= r.cancelled_generation
               or r.finished_at > now() - make_interval(secs => $2))
           order by r.state = 'running' desc, r.id desc limit ${MAX_RUNS}
         ) c
       ) as "cancelledRuns"
       from batches b
       where b.state = 'running' or b.finished_at > now() - make_interval(secs => $2)
         or b.cancelled_generation > 0 and b.finished_at > now() - make_interval(secs => $1)
       order by b.id`,
      [keptFor, REPORTED_AFTER_END],
    );
  }
}
