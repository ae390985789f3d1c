import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MediaHours } from '#libs/contracts';
import { LeaderEpoch } from '../../leader/leader-epoch.js';

/** Number of finished stage runs at one moment, by stage. */
export interface PaceSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ended: readonly number[];
}

const KEEP_SECONDS = 15 * 60;
const MS_PER_HOUR = 3_600_000;

/** Recent pace of batches. */
@Injectable()
export class BatchPacesRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Records the progress of every running batch that is not paused, from its counters, and deletes old samples. */
  async sample(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(`delete from batch_samples where at < now() - make_interval(secs => $1)`, [KEEP_SECONDS]);
      await manager.query(
        `insert into batch_samples (batch_id, at, ended)
         select b.id, now(), array(
           select coalesce((
             select sum(c.count)::int from batch_stage_counts c
             where c.batch_id = b.id and c.index = s.index and c.state in ('done', 'failed')
           ), 0) from pipeline_stages s where s.version_id = b.pipeline_version_id order by s.index
         )
         from batches b where b.state = 'running' and b.paused_at is null on conflict do nothing`,
      );
    });
  }

  /** The samples of a batch, oldest first. */
  async of(batch: number): Promise<PaceSample[]> {
    const rows = await this.dataSource.query<{ at: Date; ended: number[] }[]>(
      'select at, ended from batch_samples where batch_id = $1 order by at',
      [batch],
    );
    return rows.map(({ at, ended }) => ({ at: at.getTime(), ended }));
  }

  /** Hours of media of a batch: total and of done files. */
  async mediaHours(batch: number): Promise<MediaHours> {
    const [{ total, done, unknown }] = await this.dataSource.query<[{ total: number; done: number; unknown: number }]>(
      `select coalesce(sum(m.duration_ms), 0)::float8 as total,
         coalesce(sum(m.duration_ms) filter (where r.state = 'done'), 0)::float8 as done,
         count(*) filter (where m.duration_ms is null)::int as unknown
       from runs r cross join lateral (select duration_ms from media_files where id = r.media_file_id offset 0) m
       where r.batch_id = $1`,
      [batch],
    );
    return { total: total / MS_PER_HOUR, done: done / MS_PER_HOUR, unknownDurations: unknown };
  }
}
