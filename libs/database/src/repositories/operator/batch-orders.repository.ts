import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What workers do with stages of a batch before they call. */
export interface BatchOrderRow {
  readonly batch: number;
  readonly paused: boolean;
  /** Stages of this generation and older ones are cancelled; 0 cancels none. */
  readonly cancelledGeneration: number;
}

/** What workers have to be told of batches. */
@Injectable()
export class BatchOrdersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Every batch that runs, and those cancelled lately: their old messages may come again as long as the stream keeps
   * them (`keptFor`, in seconds).
   */
  orders(keptFor: number): Promise<BatchOrderRow[]> {
    return this.dataSource.query<BatchOrderRow[]>(
      `select id as batch, paused_at is not null as paused, cancelled_generation as "cancelledGeneration"
       from batches
       where state = 'running' or cancelled_generation > 0 and finished_at > now() - make_interval(secs => $1)
       order by id`,
      [keptFor],
    );
  }
}
