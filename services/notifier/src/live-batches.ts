import { Injectable } from '@nestjs/common';
import type { BatchSummary, CellsChange, LiveCommit } from '#libs/contracts';
import { Ring } from './ring.js';

interface LiveBatch {
  readonly ring: Ring;
  summary: BatchSummary;
  /** Milliseconds since 1970. */
  heardAt: number;
}

/** What the recorder committed lately, per batch. The only state of a notifier, and rebuilt from LIVE at its start. */
@Injectable()
export class LiveBatches {
  private readonly batches = new Map<number, LiveBatch>();

  /** Takes a commit; the change is null when its cells are known already. */
  add(commit: LiveCommit, cells: Uint8Array, now: number): { change: CellsChange | null; isNewSummary: boolean } {
    const known = this.batches.get(commit.batch);
    const batch = known ?? { ring: new Ring(), summary: commit.summary, heardAt: now };
    this.batches.set(commit.batch, batch);
    batch.heardAt = now;
    const isNewSummary = !known || commit.summary.version >= batch.summary.version;
    if (isNewSummary) batch.summary = commit.summary;
    const { from, to } = commit;
    const isNews = batch.ring.add({ from, to, cells });
    return { change: isNews && from !== to ? { from, to, cells } : null, isNewSummary };
  }

  /** What a client at version `since` misses; null is a gap. `version` is 0 for a batch not heard of. */
  catchUp(batch: number, since: number): { version: number; change: CellsChange | null } {
    const ring = this.batches.get(batch)?.ring;
    return { version: Math.max(ring?.version ?? 0, 0), change: ring?.since(since) ?? null };
  }

  summaryOf(batch: number): BatchSummary | undefined {
    return this.batches.get(batch)?.summary;
  }

  /** Forgets batches not heard of since `heardBefore`, unless somebody still watches them. */
  forget(heardBefore: number, isWatched: (batch: number) => boolean): void {
    for (const [id, { heardAt }] of this.batches) {
      if (heardAt < heardBefore && !isWatched(id)) this.batches.delete(id);
    }
  }
}
