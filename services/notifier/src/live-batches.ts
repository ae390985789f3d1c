import { Injectable } from '@nestjs/common';
import type { BatchSummary, CellsChange, LiveCommit } from '#libs/contracts';
import { Ring } from './ring.js';

interface LiveBatch {
  readonly ring: Ring;
  summary: BatchSummary;
  /** Milliseconds, on a clock that is never set. */
  committedAt: number;
}

/**
 * Recent commits of the recorder by batch. This is the only state of a notifier; it is rebuilt from LIVE at the start.
 */
@Injectable()
export class LiveBatches {
  private readonly batches = new Map<number, LiveBatch>();

  /** Stores a commit; the change is null when the commit is older than the known version or has no cells. */
  add(commit: LiveCommit, cells: Uint8Array, now: number): { change: CellsChange | null; isNewSummary: boolean } {
    const known = this.batches.get(commit.batch);
    const batch = known ?? { ring: new Ring(), summary: commit.summary, committedAt: now };
    this.batches.set(commit.batch, batch);
    batch.committedAt = now;
    const isNewSummary = !known || commit.summary.version >= batch.summary.version;
    if (isNewSummary) batch.summary = commit.summary;
    const { from, to } = commit;
    const isNewVersion = batch.ring.add({ from, to, cells });
    return { change: isNewVersion && from !== to ? { from, to, cells } : null, isNewSummary };
  }

  /** What a client at version `since` is missing; `change` is null for a gap, `version` is 0 for an unknown batch. */
  catchUp(batch: number, since: number): { version: number; change: CellsChange | null } {
    const ring = this.batches.get(batch)?.ring;
    return { version: Math.max(ring?.version ?? 0, 0), change: ring?.since(since) ?? null };
  }

  summaryOf(batch: number): BatchSummary | undefined {
    return this.batches.get(batch)?.summary;
  }

  /** Forgets batches without a commit since `committedBefore`, unless a client watches them. */
  forget(committedBefore: number, isWatched: (batch: number) => boolean): void {
    for (const [id, { committedAt }] of this.batches) {
      if (committedAt < committedBefore && !isWatched(id)) this.batches.delete(id);
    }
  }
}
