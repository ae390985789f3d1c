import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RetryPolicy } from '#libs/contracts';
import { archive } from '../documents/archived-documents.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { raiseVersions } from '../state/batch-versions.js';
import { addMarkCounts, addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { groupErrors } from './error-groups.js';
import { lockRuns, updateRuns } from './recorded-runs.js';
import { type AppliedChange, upsertStages } from './recorded-stages.js';
import type { ArchivedDocument, BatchChange, StageChange } from './stage-change.js';
import { storableChange } from './storable-text.js';
import { recordRawReplays } from './raw-replays.js';
import { type RunUpdate, withCancellation, withRetry } from './transition.js';

/** Position of the recorder in a stream. */
export interface RecorderCursor {
  readonly stream: string;
  /** Creation time of the stream: a recreated stream counts from 1. */
  readonly streamCreated: string;
  readonly sequence: number;
}

/**
 * Records stage events: the results of stages, their runs, error groups and output documents.
 *
 * A stage run is overwritten only by a change that is later in (generation, root, rank, delivery): within a lineage, a
 * settlement outranks a start, and a start outranks a publication; then the delivery decides. Therefore events can be
 * recorded in any order and more than once (`recorder-order.int-spec.ts` tries random histories). A run only moves
 * forward within a lineage; after it has ended or returned to waiting, only a newer lineage moves it (`transition.ts`).
 *
 * Order of steps in one transaction: lock the runs, archive the documents, write the stages, the runs, the counters and
 * the error groups, move the cursor, raise the batch versions. A kill before the commit leaves the cursor unchanged, so
 * the same events are recorded again.
 */
@Injectable()
export class RecorderRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /**
   * Applies changes in one transaction: documents, stage runs, runs, counters, batch versions and the cursor. Drops
   * changes that are older than the recorded ones, so their order does not matter and they can be applied again. At
   * most one change per stage run. Returns the changes per batch.
   */
  record(
    given: readonly StageChange[],
    documents: readonly ArchivedDocument[],
    cursor: RecorderCursor,
  ): Promise<BatchChange[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      // Runs are locked first: admission holds their locks while it publishes and then writes their first stage.
      const fit = given.map(storableChange);
      const runs = await lockRuns(manager, fit);
      const { policies, now } = await retryPolicies(manager, fit);
      const changes = fit.map((change) => {
        const run = runs.get(change.run)!;
        const policy = policies.get(change.app);
        return withCancellation(withRetry(change, run, { policy, random: Math.random(), now }), run);
      });
      await archive(manager, documents);
      const applied = await upsertStages(manager, changes);
      const appliedChanges = applied.map(({ change }) => change);
      await count(manager, applied, await updateRuns(manager, runs, appliedChanges));
      await groupErrors(manager, applied);
      await recordRawReplays(manager, applied);
      await moveCursor(manager, cursor);
      return raiseVersions(manager, appliedChanges);
    });
  }

  /** Stores an event that cannot be read or applied, and moves the cursor after it. */
  async park(event: RecorderCursor & { subject: string; reason: string; body: Uint8Array }): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(
        `insert into recorder_parked (stream_created, sequence, subject, reason, body)
         values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [event.streamCreated, event.sequence, event.subject, event.reason, Buffer.from(event.body)],
      );
      await moveCursor(manager, event);
    });
  }
}

/** The retry policies of the apps of failed stages, and the time by the clock of Postgres (milliseconds since 1970). */
async function retryPolicies(
  manager: EntityManager,
  changes: readonly StageChange[],
): Promise<{ policies: ReadonlyMap<string, RetryPolicy>; now: number }> {
  const failed = changes.filter(({ state }) => state === 'failed').map(({ app }) => app);
  if (failed.length === 0) return { policies: new Map(), now: 0 };
  const rows = await manager.query<{ now: number; slug: string | null; retry: RetryPolicy }[]>(
    `select t.now, a.slug, a.retry
     from (select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now) t
       left join apps a on a.slug = any($1)`,
    [[...new Set(failed)]],
  );
  const policies = rows.flatMap(({ slug, retry }) => (slug === null ? [] : [[slug, retry] as const]));
  return { policies: new Map(policies), now: rows[0]!.now };
}

async function count(
  manager: EntityManager,
  applied: readonly AppliedChange[],
  updates: readonly RunUpdate[],
): Promise<void> {
  const stages = new Tally();
  const marks = new Tally();
  for (const { change, oldState, oldMark } of applied) {
    stages.add([change.batch, change.index, oldState], -1);
    stages.add([change.batch, change.index, change.state], 1);
    if (oldMark) marks.add([change.batch, change.index, oldMark], -1);
    if (change.mark) marks.add([change.batch, change.index, change.mark], 1);
  }
  const runs = new Tally();
  for (const { batch, from, to } of updates) {
    runs.add([batch, from], -1);
    runs.add([batch, to], 1);
  }
  await addStageCounts(manager, stages);
  await addMarkCounts(manager, marks);
  await addRunCounts(manager, runs);
}

async function moveCursor(manager: EntityManager, { stream, streamCreated, sequence }: RecorderCursor): Promise<void> {
  await manager.query(
    `insert into recorder_cursor (stream, stream_created, sequence) values ($1, $2, $3)
     on conflict (stream) do update set stream_created = excluded.stream_created, sequence = excluded.sequence`,
    [stream, streamCreated, sequence],
  );
}
