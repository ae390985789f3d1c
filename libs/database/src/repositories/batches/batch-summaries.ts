import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type BatchBlock,
  type BatchState,
  type BatchSummary,
  type ErrorGroup,
  type HeldStage,
  NEXT_ACTIONS,
  RUN_STATES,
  type RunState,
  STAGE_MARKS,
  STAGE_STATES,
  type StageMark,
  type StageState,
  summarySentence,
  type Trial,
} from '#libs/contracts';
import { heldStages } from '../holds/held-stages.js';
import { UNKNOWN_ACTOR } from '../commands/operator-action.js';

/** Number of error groups in a summary, the largest first. */
const MAX_ERROR_GROUPS = 50;

interface SummaryRow {
  readonly id: number;
  readonly name: string;
  readonly state: BatchState;
  readonly version: string;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly held: HeldStage[] | null;
  readonly trial: Trial | null;
  readonly blocked: BatchBlock | null;
  readonly runs: Partial<Record<RunState, number>> | null;
  readonly stages: {
    app: string;
    name: string;
    counts: Partial<Record<StageState, number>> | null;
    marks: Partial<Record<StageMark, number>> | null;
    paused: string | null;
  }[];
  readonly errors: Omit<ErrorGroup, 'nextAction'>[] | null;
}

/** One statement, so that counters and version belong to the same moment. */
const SUMMARIES = `
  select b.id, b.name, b.state, b.version, b.paused_at as "pausedAt", b.paused_by as "pausedBy",
    case when b.state = 'running' then ${heldStages('b.id')} end as held,
    case when b.trial_files is not null then (
      select json_build_object('files', b.trial_files, 'done', count(*) filter (where r.state = 'done'),
        'failed', count(*) filter (where r.state = 'failed'),
        'ended', count(*) filter (where r.state in ('waiting', 'running')) = 0)
      from runs r where r.batch_id = b.id and r.row < b.trial_files
    ) end as trial,
    case when b.state = 'running' then (
      select json_build_object('stage', k.stage, 'app', k.app, 'reason', k.reason, 'since', k.since, 'until', k.until,
        'advice', k.advice)
      from batch_blocks k where k.batch_id = b.id
    ) end as blocked,
    (select json_object_agg(c.state, c.count) from batch_run_counts c where c.batch_id = b.id) as runs,
    (
      select json_agg(json_build_object('app', a.slug, 'name', a.name, 'counts', (
        select json_object_agg(c.state, c.count) from batch_stage_counts c
        where c.batch_id = b.id and c.index = s.index
      ), 'marks', (
        select json_object_agg(m.mark, m.count) from batch_mark_counts m
        where m.batch_id = b.id and m.index = s.index
      ), 'paused', case when a.paused_at is not null then coalesce(a.paused_why, '') end) order by s.index)
      from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = b.pipeline_version_id
    ) as stages,
    (
      select json_agg(to_json(g)) from (
        select e.fingerprint, e.index, e.app, e.outcome, e.sentence, e.count + e.retrying as count, e.retrying
        from error_groups e where e.batch_id = b.id and e.count + e.retrying > 0
        order by e.count + e.retrying desc, e.index, e.fingerprint limit ${MAX_ERROR_GROUPS}
      ) g
    ) as errors
  from batches b where b.id = any($1)`;

/** Reads the progress of batches from counters only. */
@Injectable()
export class BatchSummaries {
  constructor(private readonly dataSource: DataSource) {}

  /** Summaries by batch ID; unknown IDs are omitted. Pass a manager to read inside its transaction. */
  async of(batchIds: readonly number[], manager?: EntityManager): Promise<Map<number, BatchSummary>> {
    const rows = await (manager ?? this.dataSource).query<SummaryRow[]>(SUMMARIES, [batchIds]);
    return new Map(rows.map((row) => [row.id, summaryOf(row)]));
  }

  /** IDs of the batches that are running or finished at most this many seconds ago. */
  async runningWithin(seconds: number): Promise<number[]> {
    const rows = await this.dataSource.query<{ id: number }[]>(
      `select id from batches where state = 'running' or finished_at > now() - make_interval(secs => $1) order by id`,
      [seconds],
    );
    return rows.map(({ id }) => id);
  }
}

const isoTime = (time: string): string => new Date(time).toISOString();

const withIsoTimes = (block: BatchBlock): BatchBlock => ({
  ...block,
  since: isoTime(block.since),
  until: block.until === null ? null : isoTime(block.until),
});

const countsOf = <Name extends string>(
  names: readonly Name[],
  counts: Partial<Record<Name, number>> | null,
): Record<Name, number> => Object.fromEntries(names.map((name) => [name, counts?.[name] ?? 0])) as Record<Name, number>;

function summaryOf({ id, name, state, version, pausedAt, pausedBy, ...row }: SummaryRow): BatchSummary {
  const pause = pausedAt === null ? undefined : { by: pausedBy ?? UNKNOWN_ACTOR, at: pausedAt.toISOString() };
  const runs = countsOf(RUN_STATES, row.runs);
  const stages = row.stages.map(({ paused, ...stage }) => ({
    ...stage,
    ...(paused === null ? {} : { paused }),
    counts: countsOf(STAGE_STATES, stage.counts),
    marks: countsOf(STAGE_MARKS, stage.marks),
  }));
  const trial = row.trial ?? undefined;
  return {
    batch: id,
    version: Number(version),
    name,
    state,
    ...(pause ? { paused: pause } : {}),
    ...(row.held ? { held: row.held } : {}),
    ...(row.blocked ? { blocked: withIsoTimes(row.blocked) } : {}),
    ...(trial ? { trial } : {}),
    runs,
    stages,
    sentence: summarySentence({ id, state, paused: pause, trial, runs, stages }),
    errors: (row.errors ?? []).map((group) => ({ ...group, nextAction: NEXT_ACTIONS[group.outcome] ?? null })),
  };
}
