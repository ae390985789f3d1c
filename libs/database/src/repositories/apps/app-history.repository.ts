import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AppHealthView } from '#libs/contracts';

/** One of the last results of an app. */
export type AppAnswer = AppHealthView['answers'][number];
/** How long an app took for the last files that it finished. */
export type AppPace = AppHealthView['pace'];

/** Number of results from which the pace of an app is computed. */
const PACE_ANSWERS = 300;

/** The last results of an app, found by the index `stage_runs_by_app`. */
const LAST = `
  select * from stage_runs
  where app = $1 and started_at is not null order by settled_at desc limit $2`;

const ANSWERS = `
  select s.run_id as run, r.batch_id as batch, m.guid, s.index, s.outcome, s.sentence, s.worker, s.settled_at as at,
    extract(epoch from s.settled_at - s.started_at)::float8 as seconds
  from (${LAST}) s join runs r on r.id = s.run_id join media_files m on m.id = r.media_file_id
  order by s.settled_at desc, s.run_id`;

const percentiles = (value: string, known: string) => `
  case when count(*) filter (where ${known}) > 0 then json_build_object(
    'p50', percentile_cont(0.5) within group (order by ${value}) filter (where ${known}),
    'p90', percentile_cont(0.9) within group (order by ${value}) filter (where ${known})) end`;

const PACES = `
  select a.slug, count(s.run_id)::int as files, count(*) filter (where s.minutes > 0)::int as "filesWithDuration",
    ${percentiles('s.seconds', 's.run_id is not null')} as "secondsPerFile",
    ${percentiles('s.seconds / s.minutes', 's.minutes > 0')} as "secondsPerMediaMinute"
  from unnest($1::text[]) as a(slug) left join lateral (
    select last.run_id, greatest(extract(epoch from last.settled_at - last.started_at)::float8, 0) as seconds,
      coalesce(m.duration_ms, (last.coverage->>'of')::float8) / 60000 as minutes
    from (${LAST.replace('$1', 'a.slug')}) last join runs r on r.id = last.run_id
      join media_files m on m.id = r.media_file_id
    where last.state = 'done'
  ) s on true
  group by a.slug`;

/** Recent results and pace of apps. */
@Injectable()
export class AppHistoryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The last results of an app, newest first. */
  async lastAnswers(slug: string, limit: number): Promise<AppAnswer[]> {
    const rows = await this.dataSource.query<(Omit<AppAnswer, 'run' | 'at'> & { run: string; at: Date })[]>(ANSWERS, [
      slug,
      limit,
    ]);
    return rows.map(({ run, at, ...row }) => ({ ...row, run: Number(run), at: at.toISOString() }));
  }

  /** The recent pace of these apps, by slug. */
  async paces(slugs: readonly string[]): Promise<Map<string, AppPace>> {
    const rows = await this.dataSource.query<(AppPace & { slug: string })[]>(PACES, [slugs, PACE_ANSWERS]);
    return new Map(rows.map(({ slug, ...pace }) => [slug, pace]));
  }
}
