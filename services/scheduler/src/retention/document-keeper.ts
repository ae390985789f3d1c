import { retentionDue } from '#libs/contracts';
import type {
  BatchRetention,
  DocumentSweepRepository,
  Removal,
  RetentionRepository,
  RetentionSweepRepository,
  RunSweepRepository,
} from '#libs/database';
import type { Logger } from '#libs/runtime';
import type { LivePublisher } from '../live-publisher.js';

const SECOND = 1000;
/** A tick's share: it takes part of a second, and holds the locks of so many runs. */
const RUNS_AT_ONCE = 500;
const DOCUMENTS_AT_ONCE = 1000;
/** How long a batch may be due before anybody looks. */
const LOOK_AGAIN = 15 * SECOND;

/** What the keeper works with. */
export interface KeeperStores {
  readonly retention: Pick<RetentionRepository, 'finished'>;
  readonly removals: Pick<RetentionSweepRepository, 'remove'>;
  readonly deleted: Pick<RunSweepRepository, 'sweep'>;
  readonly strays: Pick<DocumentSweepRepository, 'sweep'>;
}

interface UnderWay {
  readonly batch: number;
  readonly keep: 'final' | 'none';
  readonly after: number;
}

/**
 * Removes documents that are not to be kept, a little at every tick: those of finished batches, one batch after the
 * other, those that nobody refers to, and what is left of deleted batches. A leader that dies in between leaves nothing half done: the next one begins
 * the batch anew, and finds nothing in the runs that are done already.
 */
export class DocumentKeeper {
  private underWay: UnderWay | null = null;
  private removed = 0;
  private lookAt = 0;
  private isTicking = false;

  constructor(
    private readonly stores: KeeperStores,
    private readonly live: Pick<LivePublisher, 'add'>,
    private readonly log: Logger,
  ) {}

  async tick(now: number): Promise<void> {
    if (this.isTicking) return;
    this.isTicking = true;
    try {
      this.underWay ??= await this.next(now);
      if (this.underWay) await this.step(this.underWay);
      await this.stores.deleted.sweep(RUNS_AT_ONCE);
      await this.stores.strays.sweep(DOCUMENTS_AT_ONCE);
    } finally {
      this.isTicking = false;
    }
  }

  private async next(now: number): Promise<UnderWay | null> {
    if (now < this.lookAt) return null;
    const found = firstDue(await this.stores.retention.finished(), now);
    if (!found) this.lookAt = now + LOOK_AGAIN;
    return found;
  }

  private async step(underWay: UnderWay): Promise<void> {
    // Forgotten before it is tried: a batch that cannot be done now does not stand in the way of the others.
    this.underWay = null;
    const { next, removed, change }: Removal = await this.stores.removals.remove({ ...underWay, runs: RUNS_AT_ONCE });
    this.removed += removed;
    if (change) this.live.add(change);
    if (next !== null) {
      this.underWay = { ...underWay, after: next };
      return;
    }
    const { batch, keep } = underWay;
    this.log.info({ batch, keep, documents: this.removed }, 'documents were removed, as the retention says');
    this.removed = 0;
  }
}

/** The first batch of which something has to be removed. */
function firstDue(batches: readonly BatchRetention[], now: number): UnderWay | null {
  for (const state of batches) {
    const keep = retentionDue(state, now);
    if (keep !== null) return { batch: state.batch, keep, after: -1 };
  }
  return null;
}
