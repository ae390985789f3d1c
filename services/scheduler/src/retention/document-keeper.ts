import { Inject, Injectable } from '@nestjs/common';
import { retentionDue } from '#libs/contracts';
import {
  type BatchRetention,
  DocumentSweepRepository,
  type Removal,
  RetentionRepository,
  RetentionSweepRepository,
  RunSweepRepository,
} from '#libs/database';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { LOGGER } from '../scheduler-settings.js';

const SECOND = 1000;
/** Limits per tick: a tick takes a fraction of a second and locks at most this many runs. */
const RUNS_PER_TICK = 500;
const DOCUMENTS_PER_TICK = 1000;
/** Interval of the search for due batches while there are none. */
const SEARCH_AGAIN = 15 * SECOND;

@Injectable()
export class DocumentStores {
  @Inject(RetentionRepository) readonly retention!: Pick<RetentionRepository, 'finished'>;
  @Inject(RetentionSweepRepository) readonly removals!: Pick<RetentionSweepRepository, 'remove'>;
  /** Runs of deleted batches. */
  @Inject(RunSweepRepository) readonly deleted!: Pick<RunSweepRepository, 'sweep'>;
  /** Documents that no stage refers to. */
  @Inject(DocumentSweepRepository) readonly strays!: Pick<DocumentSweepRepository, 'sweep'>;
}

interface Removing {
  readonly batch: number;
  readonly keep: 'final' | 'none';
  readonly after: number;
}

/**
 * Removes documents that are no longer kept, a few per tick: those of finished batches, one batch after the other;
 * those that no stage refers to; and the runs of deleted batches. After a kill, the next leader starts the batch again
 * and finds nothing left in the runs that are done.
 */
@Injectable()
export class DocumentKeeper {
  private removing: Removing | null = null;
  private removed = 0;
  /** On the monotonic clock. */
  private searchAt = Number.NEGATIVE_INFINITY;
  private isTicking = false;

  constructor(
    private readonly stores: DocumentStores,
    @Inject(LivePublisher) private readonly live: Pick<LivePublisher, 'add'>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** `now`: milliseconds since 1970; `monotonic`: `monotonicNow`. */
  async tick(now: number, monotonic: number): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      this.removing ??= await this.next(now, monotonic);
      if (this.removing) await this.step(this.removing);
      await this.stores.deleted.sweep(RUNS_PER_TICK);
      await this.stores.strays.sweep(DOCUMENTS_PER_TICK);
    } finally {
      this.isTicking = false;
    }
  }

  private async next(now: number, monotonic: number): Promise<Removing | null> {
    if (monotonic < this.searchAt) return null;
    const found = firstDue(await this.stores.retention.finished(), now);
    if (!found) this.searchAt = monotonic + SEARCH_AGAIN;
    return found;
  }

  private async step(removing: Removing): Promise<void> {
    // Cleared first: a batch that fails now does not block the others.
    this.removing = null;
    const { next, removed, change }: Removal = await this.stores.removals.remove({ ...removing, runs: RUNS_PER_TICK });
    this.removed += removed;
    if (change) this.live.add(change);
    if (next !== null) {
      this.removing = { ...removing, after: next };
      return;
    }
    const { batch, keep } = removing;
    this.log.info({ batch, keep, documents: this.removed }, 'documents were removed according to the retention rules');
    this.removed = 0;
  }
}

/** The first batch with documents to remove. */
function firstDue(batches: readonly BatchRetention[], now: number): Removing | null {
  for (const state of batches) {
    const keep = retentionDue(state, now);
    if (keep !== null) return { batch: state.batch, keep, after: -1 };
  }
  return null;
}
