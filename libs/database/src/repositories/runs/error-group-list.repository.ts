import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ErrorGroupDetail, type ErrorGroupRow, NEXT_ACTIONS } from '#libs/contracts';
import type { PageRange } from '../search/page-range.js';

/** Number of files that a list names per group. */
const NAMED_FILES = 3;
/** Number of failures that are shown of one group. */
const SHOWN_FAILURES = 20;

type GroupRow = Omit<ErrorGroupRow, 'nextAction' | 'firstSeen' | 'lastSeen' | 'samples'> & {
  readonly firstSeen: Date;
  readonly lastSeen: Date;
};
type FailureRow = Omit<ErrorGroupDetail['runs'][number], 'run' | 'settledAt'> & {
  readonly run: string;
  readonly fingerprint: string;
  readonly index: number;
  readonly settledAt: Date | null;
  readonly trace: string | null;
};

const GROUPS = `
  select e.fingerprint, e.index, e.app, coalesce(a.name, e.app) as name, e.outcome, e.sentence,
    e.count + e.retrying as count, e.retrying,
    e.first_seen_at as "firstSeen", e.last_seen_at as "lastSeen", e.worker
  from error_groups e left join apps a on a.slug = e.app where e.batch_id = $1`;

/** The first failures of groups by row, because run IDs of a batch ascend with their rows. */
const FAILURES = `
  select wanted.index, wanted.fingerprint, f.*
  from unnest($2::int[], $3::text[]) as wanted(index, fingerprint)
    cross join lateral (
      select s.run_id as run, r.row, m.guid, m.title, s.sentence, s.worker, s.http_status as "httpStatus",
        s.settled_at as "settledAt", case when $5 then s.trace end as trace
      from stage_runs s join runs r on r.id = s.run_id join media_files m on m.id = r.media_file_id
      where s.fingerprint = wanted.fingerprint and s.index = wanted.index and s.state in ('failed', 'retrying') and r.batch_id = $1
        and s.run_id between (select id from runs where batch_id = $1 order by row limit 1)
          and (select id from runs where batch_id = $1 order by row desc limit 1)
      order by s.run_id limit $4
    ) f`;

/** The error groups of a batch. */
@Injectable()
export class ErrorGroupListRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Groups of a batch, the largest first, without the first `after`; null when there is no such batch. */
  async ofBatch(batch: number, { after, limit }: PageRange): Promise<ErrorGroupRow[] | null> {
    const groups = await this.dataSource.query<GroupRow[]>(
      `${GROUPS} and e.count + e.retrying > 0 order by e.count + e.retrying desc, e.index, e.fingerprint offset $2 limit $3`,
      [batch, after ?? 0, limit],
    );
    if (groups.length === 0) {
      const known = await this.dataSource.query<unknown[]>('select 1 from batches where id = $1', [batch]);
      return known.length > 0 ? [] : null;
    }
    const failures = await this.failures(batch, groups, { most: NAMED_FILES, withTrace: false });
    return groups.map((group) => groupView(group, failures.filter(isOf(group)).map(sampleOf)));
  }

  /** A group with its first failures; null when there is no such group. */
  async find(batch: number, index: number, fingerprint: string): Promise<ErrorGroupDetail | null> {
    const [group] = await this.dataSource.query<GroupRow[]>(`${GROUPS} and e.index = $2 and e.fingerprint = $3`, [
      batch,
      index,
      fingerprint,
    ]);
    if (!group) return null;
    const failures = await this.failures(batch, [group], { most: SHOWN_FAILURES, withTrace: true });
    return {
      ...groupView(group, failures.slice(0, NAMED_FILES).map(sampleOf)),
      trace: failures.find(({ trace }) => trace !== null)?.trace ?? null,
      runs: failures.map(({ run, row, guid, title, sentence, worker, httpStatus, settledAt }) => ({
        run: Number(run),
        row,
        guid,
        title,
        sentence,
        worker,
        httpStatus,
        settledAt: settledAt?.toISOString() ?? null,
      })),
    };
  }

  private failures(
    batch: number,
    groups: readonly GroupRow[],
    { most, withTrace }: { readonly most: number; readonly withTrace: boolean },
  ): Promise<FailureRow[]> {
    return this.dataSource.query<FailureRow[]>(FAILURES, [
      batch,
      groups.map(({ index }) => index),
      groups.map(({ fingerprint }) => fingerprint),
      most,
      withTrace,
    ]);
  }
}

const isOf =
  ({ index, fingerprint }: GroupRow) =>
  (failure: FailureRow) =>
    failure.index === index && failure.fingerprint === fingerprint;

const sampleOf = ({ run, guid }: FailureRow) => ({ run: Number(run), guid });

const groupView = (group: GroupRow, samples: ErrorGroupRow['samples']): ErrorGroupRow => ({
  ...group,
  nextAction: NEXT_ACTIONS[group.outcome] ?? null,
  firstSeen: group.firstSeen.toISOString(),
  lastSeen: group.lastSeen.toISOString(),
  samples,
});
