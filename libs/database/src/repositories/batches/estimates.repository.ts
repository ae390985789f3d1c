import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { InputChoice } from '#libs/contracts';
import { findInputs, type FoundInputs } from './batch-input.js';
import { inputLookup } from './input-lookup.js';
import { REUSABLE_PREFIX } from '../admission/reusable-prefix.js';

/** Remaining work of a batch at one stage. */
export interface StageAhead {
  readonly index: number;
  readonly app: string;
  readonly name: string;
  /** Number of documents that the app processes concurrently. */
  readonly concurrency: number;
  readonly costPerHour: number | null;
  /** Runs that have not passed the stage. */
  readonly runs: number;
  /** Runs that reuse an earlier result at the stage. */
  readonly reused: number;
  /** Total duration of the media files of `runs` with a known duration, in minutes. */
  readonly minutes: number;
  /** Number of `runs` without a known duration. */
  readonly unknownDurations: number;
}

/** Remaining work of a batch. */
export interface WorkAhead {
  readonly batch: number;
  readonly input: InputChoice;
  readonly inputs: FoundInputs;
  /** Files that are not done. */
  readonly files: number;
  /** Files whose stages are all reused. */
  readonly reused: number;
  readonly minutes: number;
  readonly unknownDurations: number;
  readonly stages: readonly StageAhead[];
}

interface Head {
  readonly input: InputChoice;
  readonly reuse: boolean;
  readonly trial: number | null;
  readonly draft: boolean;
}

/**
 * Remaining work of the open runs of a batch, up to a row. `prefix` is a statement for the stages that each run reuses.
 */
const ahead = (input: string, prefix: string, rows: string): string => `
  with fresh as materialized (
    select r.id, r.batch_id, r.media_file_id, r.next_index, coalesce(r.input_document, ${input}) as input_document,
      r.generation = 0 and not r.reuse_decided as undecided, b.pipeline_version_id as version,
      v.source_vocabulary as vocabulary, m.changed_at,
      (select count(*)::int from pipeline_stages s where s.version_id = b.pipeline_version_id) as stages,
      coalesce(m.duration_ms, (
        select (s.coverage->>'of')::float8 from runs o join stage_runs s on s.run_id = o.id
        where o.media_file_id = m.id and s.coverage is not null limit 1
      )) / 60000.0 as minutes
    from runs r join batches b on b.id = r.batch_id join pipeline_versions v on v.id = b.pipeline_version_id
      join media_files m on m.id = r.media_file_id
    where r.batch_id = $1 and r.state in ('waiting', 'running') and (${rows}::int is null or r.row < ${rows}::int)
  ), ahead as (
    select fresh.*, greatest(fresh.next_index, case when fresh.undecided then coalesce(best.length, 0) end) as begins
    from fresh left join lateral (${prefix}) best on true
  )`;

const NO_PREFIX = 'select 0 as length where false';

const STAGES = `
  select p.index, a.slug as app, a.name, a.concurrency, a.cost_per_hour as "costPerHour",
    count(ahead.id) filter (where ahead.begins <= p.index)::int as runs,
    count(ahead.id) filter (where ahead.begins > p.index and ahead.next_index <= p.index)::int as reused,
    coalesce(sum(ahead.minutes) filter (where ahead.begins <= p.index), 0)::float8 as minutes,
    count(ahead.id) filter (where ahead.begins <= p.index and ahead.minutes is null)::int as "unknownDurations"
  from batches b join pipeline_stages p on p.version_id = b.pipeline_version_id join apps a on a.id = p.app_id
    left join ahead on true
  where b.id = $1 group by p.index, a.id order by p.index`;

const TOTALS = `
  select count(*)::int as files, count(*) filter (where begins >= stages)::int as reused,
    coalesce(sum(minutes), 0)::float8 as minutes, count(*) filter (where minutes is null)::int as "unknownDurations"
  from ahead`;

/** Reads the remaining work of batches. */
@Injectable()
export class EstimatesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * `trial`: only the first files, this many; 0: all; null: what the next start runs, which is the rest after a trial
   * has ended. Null when there is no such batch.
   */
  async of(batch: number, trial: number | null): Promise<WorkAhead | null> {
    const [head] = await this.dataSource.query<Head[]>(
      `select b.input, b.reuse, b.state = 'draft' as draft, case when exists (
           select 1 from runs r where r.batch_id = b.id and r.row < b.trial_files and r.state in ('waiting', 'running')
         ) then b.trial_files end as trial
       from batches b where b.id = $1`,
      [batch],
    );
    if (!head) return null;
    const choice: InputChoice = head.draft ? head.input : { kind: 'source' };
    const { expression, parameters } = inputLookup(choice, 2);
    const rows = (trial ?? head.trial ?? 0) || null;
    const work = ahead(expression, head.reuse ? REUSABLE_PREFIX : NO_PREFIX, `$${parameters.length + 2}`);
    // One snapshot, so that both statements read the same runs.
    const [found] = await this.dataSource.query<[{ stages: StageAhead[]; totals: Totals }]>(
      `${work} select (select json_agg(to_json(s) order by s.index) from (${STAGES}) s) as stages,
         (select to_json(t) from (${TOTALS}) t) as totals`,
      [batch, ...parameters, rows],
    );
    const inputs = await findInputs(this.dataSource, batch, choice);
    return { batch, input: head.input, inputs, ...found.totals, stages: found.stages };
  }
}

type Totals = Pick<WorkAhead, 'files' | 'reused' | 'minutes' | 'unknownDurations'>;
