import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';

/** How far the running stage of a run is, in percent. */
export interface RunProgress {
  readonly run: number;
  readonly index: number;
  readonly percent: number;
  /** Derived from the time that the app took for earlier files. */
  readonly estimated: boolean;
}

/** The newest percentage of each run. */
@Injectable()
export class StageProgressRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Replaces the percentages of these runs; leaves out runs that are not at the stage any more. */
  store(progress: readonly RunProgress[]): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(
        `insert into stage_progress (run_id, index, percent, estimated, at)
         select r.id, p.index, p.percent, p.estimated, now()
         from unnest($1::bigint[], $2::int[], $3::real[], $4::boolean[]) as p(run_id, index, percent, estimated)
           join runs r on r.id = p.run_id and r.state = 'running'
         order by r.id
         on conflict (run_id) do update set
           index = excluded.index, percent = excluded.percent, estimated = excluded.estimated, at = excluded.at`,
        [
          progress.map(({ run }) => run),
          progress.map(({ index }) => index),
          progress.map(({ percent }) => percent),
          progress.map(({ estimated }) => estimated),
        ],
      );
    });
  }
}
