import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';

/** How long apps take for a file, in milliseconds by slug; kept for the next leader. */
@Injectable()
export class AppDurationsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  async all(): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ slug: string; milliseconds: number }[]>(
      'select a.slug, d.milliseconds from app_durations d join apps a on a.id = d.app_id',
    );
    return new Map(rows.map(({ slug, milliseconds }) => [slug, milliseconds]));
  }

  /** Replaces the values of these apps. */
  store(durations: ReadonlyMap<string, number>): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(
        `insert into app_durations (app_id, milliseconds)
         select a.id, d.milliseconds from unnest($1::text[], $2::float8[]) as d(slug, milliseconds)
           join apps a on a.slug = d.slug
         on conflict (app_id) do update set milliseconds = excluded.milliseconds`,
        [[...durations.keys()], [...durations.values()]],
      );
    });
  }
}
