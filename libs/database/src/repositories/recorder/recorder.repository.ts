import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RetryPolicy } from '#libs/contracts';
import { archive } from '../documents/archived-documents.js';
import { isLockTimeout } from '../../unavailable.js';
import { LeaderEpoch } from '../../leader/leader-epoch.js';
import { raiseVersions } from '../state/batch-versions.js';
import { addMarkCounts, addRunCounts, addStageCounts, Tally } from '../state/counters.js';
import { groupErrors } from './error-groups.js';
import { moveCursor, type RecorderCursor } from './recorder-cursor.repository.js';
import { defer, type DeferredEvent, removeDeferred, type StoredDeferredEvent } from './deferred-events.repository.js';
import { contradictions, lockRuns, type ReportedStage, type RunLocks, updateRuns } from './recorded-runs.js';
import { type AppliedChange, upsertStages } from './recorded-stages.js';
import type { ArchivedDocument, BatchChange, StageChange } from '../state/stage-change.js';
import { storableChange } from './storable-text.js';
import { recordRawReplays } from './raw-replays.js';
import { type RunUpdate, withCancellation, withRetry } from './transition.js';

/** What a transaction of the recorder changed. */
export interface Recorded {
  readonly changes: BatchChange[];
  /** Number of events that were deferred. */
  readonly deferred: number;
}

/** Most locks are held for milliseconds; admission holds some for up to 5 s while it publishes. */
const WAIT_BRIEFLY = "set local lock_timeout = '2s'";

/** A message of the log that cannot be recorded. */
export interface ParkedEvent {
  readonly sequence: number;
  readonly subject: string;
  readonly reason: string;
  readonly body: Uint8Array;
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
      const { changes } = await apply(manager, given, documents, { skipLocked: false, afterDeferred: false });
      await moveCursor(manager, cursor);
      return raiseVersions(manager, changes);
    });
  }

  /**
   * The same for the changes of `events`. Events of runs that another transaction locks for more than 2 s, and of
   * runs with deferred events, are deferred instead. Rejects with a lock timeout when another transaction locks
   * something else than runs.
   */
  async recordOrDefer(
    given: readonly StageChange[],
    documents: readonly ArchivedDocument[],
    cursor: RecorderCursor,
    events: readonly DeferredEvent[],
  ): Promise<Recorded> {
    const attempt = (skipLocked: boolean) =>
      this.dataSource.transaction(async (manager) => {
        await this.epoch.check(manager);
        await manager.query(WAIT_BRIEFLY);
        const { changes, leftOut } = await apply(manager, given, documents, { skipLocked, afterDeferred: true });
        const deferred = events.filter(({ run }) => leftOut.has(run));
        await defer(manager, deferred, cursor);
        await moveCursor(manager, cursor);
        return { changes: await raiseVersions(manager, changes), deferred: deferred.length };
      });
    try {
      return await attempt(false);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      return attempt(true);
    }
  }

  /** Applies the changes of deferred events and forgets the events; those of runs that are locked again stay. */
  recordDeferred(
    given: readonly StageChange[],
    documents: readonly ArchivedDocument[],
    events: readonly StoredDeferredEvent[],
  ): Promise<BatchChange[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      const locks = { skipLocked: true, afterDeferred: false };
      const { changes, leftOut } = await apply(manager, given, documents, locks);
      await removeDeferred(
        manager,
        events.filter(({ run }) => !leftOut.has(run)),
      );
      return raiseVersions(manager, changes);
    });
  }

  /** For each event why it contradicts what Postgres holds of its run; null when it does not. */
  contradictions(reported: readonly ReportedStage[]): Promise<(string | null)[]> {
    return contradictions(this.dataSource.manager, reported);
  }

  /** Stores events that cannot be read or applied, and moves the cursor. */
  async park(events: readonly ParkedEvent[], cursor: RecorderCursor): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(
        `insert into recorder_parked (stream_created, sequence, subject, reason, body)
         select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bytea[]) on conflict do nothing`,
        [
          cursor.streamCreated,
          events.map(({ sequence }) => sequence),
          events.map(({ subject }) => subject),
          events.map(({ reason }) => reason),
          events.map(({ body }) => Buffer.from(body)),
        ],
      );
      await moveCursor(manager, cursor);
    });
  }
}

/** Writes changes of runs that can be locked; returns the written ones, and the runs that were left out. */
async function apply(
  manager: EntityManager,
  given: readonly StageChange[],
  documents: readonly ArchivedDocument[],
  locks: RunLocks,
): Promise<{ changes: StageChange[]; leftOut: ReadonlySet<number> }> {
  const all = given.map(storableChange);
  // Runs are locked first: admission holds their locks while it publishes and then writes their first stage.
  const { runs, leftOut } = await lockRuns(manager, all, locks);
  const fit = all.filter(({ run }) => !leftOut.has(run));
  const { policies, now } = await retryPolicies(manager, fit);
  const changes = fit.map((change) => {
    const run = runs.get(change.run)!;
    const policy = policies.get(change.app);
    return withCancellation(withRetry(change, run, { policy, random: Math.random(), now }), run);
  });
  const outputs = new Set(fit.map(({ document }) => document));
  await archive(
    manager,
    documents.filter(({ sha256 }) => outputs.has(sha256)),
  );
  const applied = await upsertStages(manager, changes);
  const appliedChanges = applied.map(({ change }) => change);
  await count(manager, applied, await updateRuns(manager, runs, appliedChanges));
  await groupErrors(manager, applied);
  await recordRawReplays(manager, applied);
  return { changes: appliedChanges, leftOut };
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
