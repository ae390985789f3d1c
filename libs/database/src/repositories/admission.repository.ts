import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MediaKind, RouteStage } from '#libs/contracts';
import { addRunCounts, addStageCounts, Tally } from './counters.js';
import type { BatchChange } from './stage-change.js';

const FULL_STRIDE = 1000;

/** A running batch with runs that wait. */
export interface WaitingBatch {
  readonly id: number;
  readonly pass: number;
  readonly weight: number;
  readonly waiting: number;
  readonly sourceVocabulary: 'old' | 'new';
  readonly route: readonly RouteStage[];
}

/** Runs under way by batch and the stage that comes next. */
export interface UnderWay {
  readonly batch: number;
  readonly nextIndex: number;
  readonly count: number;
}

/** A run taken from the waiting ones, with the generation its first message gets. */
export interface ClaimedRun {
  readonly id: number;
  readonly row: number;
  readonly generation: number;
  readonly guid: string;
  readonly path: string;
  readonly kind: MediaKind;
}

/** The run table as outbox: which runs wait, and their way into the pipeline. */
@Injectable()
export class AdmissionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Running batches that have waiting runs, with their routes. */
  async waitingBatches(): Promise<WaitingBatch[]> {
    return this.dataSource.query<WaitingBatch[]>(
      `select b.id, b.pass, b.weight, c.count as waiting, v.source_vocabulary as "sourceVocabulary", (
         select json_agg(json_strip_nulls(json_build_object('app', a.slug, 'parameters', s.parameters, 'types', s.types,
           'mmifVersion', s.mmif_version, 'deadline', a.deadline_seconds))
           order by s.index)
         from pipeline_stages s join apps a on a.id = s.app_id where s.version_id = b.pipeline_version_id
       ) as route
       from batches b join pipeline_versions v on v.id = b.pipeline_version_id
         join batch_run_counts c on c.batch_id = b.id and c.state = 'waiting' and c.count > 0
       where b.state = 'running' order by b.id`,
    );
  }

  /** Apps of each running batch's route and how many of its runs stand before which stage. */
  async underWay(): Promise<{ runs: UnderWay[]; routes: Map<number, string[]> }> {
    const runs = await this.dataSource.query<UnderWay[]>(
      `select r.batch_id as batch, r.next_index as "nextIndex", count(*)::int as count
       from runs r where r.state = 'running' group by r.batch_id, r.next_index`,
    );
    const routes = await this.dataSource.query<{ id: number; apps: string[] }[]>(
      `select b.id, array_agg(a.slug order by s.index) as apps
       from batches b join pipeline_stages s on s.version_id = b.pipeline_version_id join apps a on a.id = s.app_id
       where b.state = 'running' group by b.id`,
    );
    return { runs, routes: new Map(routes.map(({ id, apps }) => [id, apps])) };
  }

  /**
   * Takes the oldest waiting runs of a batch, has their first messages published, and marks them admitted, in one
   * transaction: a kill in between publishes them again with the same generation, which the broker refuses.
   */
  admit(
    batch: WaitingBatch,
    limit: number,
    publish: (runs: ClaimedRun[]) => Promise<void>,
  ): Promise<BatchChange | null> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<(Omit<ClaimedRun, 'id'> & { id: string })[]>(
        `select r.id, r.row, r.generation + 1 as generation, m.guid, m.path, m.kind
         from runs r join media_files m on m.id = r.media_file_id
         where r.batch_id = $1 and r.state = 'waiting' order by r.row limit $2 for update of r skip locked`,
        [batch.id, limit],
      );
      const runs = rows.map((row) => ({ ...row, id: Number(row.id) }));
      if (runs.length === 0) return null;
      await publish(runs);
      return markAdmitted(manager, batch, runs);
    });
  }
}

async function markAdmitted(
  manager: EntityManager,
  batch: WaitingBatch,
  runs: readonly ClaimedRun[],
): Promise<BatchChange> {
  const ids = runs.map(({ id }) => id);
  await manager.query(
    `update runs set state = 'running', generation = generation + 1, next_index = 0, admitted_at = now(),
       sentence = null, finished_at = null where id = any($1)`,
    [ids],
  );
  await manager.query(
    `insert into stage_runs (run_id, index, state, generation, root, delivery, rank, queued_at)
     select id, 0, 'queued', generation, 0, 0, 0, now() from runs where id = any($1)`,
    [ids],
  );
  const stages = new Tally();
  stages.add([batch.id, 0, 'waiting'], -runs.length);
  stages.add([batch.id, 0, 'queued'], runs.length);
  const totals = new Tally();
  totals.add([batch.id, 'waiting'], -runs.length);
  totals.add([batch.id, 'running'], runs.length);
  await addStageCounts(manager, stages);
  await addRunCounts(manager, totals);
  const [[row]] = await manager.query<[[{ version: string }], number]>(
    `update batches set version = version + 1, pass = pass + $2 where id = $1 returning version`,
    [batch.id, (runs.length * FULL_STRIDE) / batch.weight],
  );
  const to = Number(row.version);
  return { batch: batch.id, from: to - 1, to, cells: runs.map((run) => ({ row: run.row, index: 0, state: 'queued' })) };
}
