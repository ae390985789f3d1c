import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What workers do with stages of a batch before they call. */
export interface BatchOrderRow {
  readonly batch: number;
  readonly paused: boolean;
  /** Stages of this generation and older ones are cancelled; 0 cancels none. */
  readonly cancelledGeneration: number;
  /** Runs that were cancelled by themselves, with the generation up to which; null: none. */
  readonly cancelledRuns: readonly { readonly run: number; readonly generation: number }[] | null;
}

/**
 * A message that was published so long ago is not called for before its settlement is looked up: until then a worker
 * has to know that its run was cancelled and settled by the sweep, in seconds.
 */
const TOLD_AFTER_END = 120;
/** What is said of one batch has to fit a message. */
const MOST_RUNS = 5000;

/** What workers have to be told of batches. */
@Injectable()
export class BatchOrdersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Every batch that runs or has just ended, and those cancelled lately: their old messages may come again as long as
   * the stream keeps them (`keptFor`, in seconds).
   */
  orders(keptFor: number): Promise<BatchOrderRow[]> {
    return this.dataSource.query<BatchOrderRow[]>(
      `select b.id as batch, b.paused_at is not null as paused, b.cancelled_generation as "cancelledGeneration", (
         select json_agg(json_build_object('run', c.id, 'generation', c.cancelled_generation) order by c.id) from (
           select r.id, r.cancelled_generation from runs r
           where r.batch_id = b.id and r.cancelled_generation > 0
             and (r.state = 'running' and r.generation <= r.cancelled_generation
               or r.finished_at > now() - make_interval(secs => $2))
           order by r.state = 'running' desc, r.id desc limit ${MOST_RUNS}
         ) c
       ) as "cancelledRuns"
       from batches b
       where b.state = 'running' or b.finished_at > now() - make_interval(secs => $2)
         or b.cancelled_generation > 0 and b.finished_at > now() - make_interval(secs => $1)
       order by b.id`,
      [keptFor, TOLD_AFTER_END],
    );
  }
}
