import { Injectable } from '@nestjs/common';
import { CancelRepository } from '#libs/database';
import { LivePublisher } from '../live-publisher.js';
import { RecorderProgress } from '../recorder/recorder-progress.js';
import { SchedulerSettings } from '../scheduler-settings.js';

/**
 * Cancels the waiting runs of cancelled batches in slices: each is one short transaction, so no limit of a connection
 * ends it, and the recorder and admission work between two of them. Postgres knows which batches remain, so the next
 * leader continues after a kill.
 */
@Injectable()
export class BatchCancellations {
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly batches: CancelRepository,
    private readonly live: LivePublisher,
    private readonly progress: RecorderProgress,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Continues all cancellations until no unlocked run that they cover waits. */
  tick(): Promise<void> {
    return this.inTurn(async () => {
      if (!(await this.progress.hasCaughtUp())) return;
      for (const batch of await this.batches.cancelling()) while (await this.slice(batch));
    });
  }

  /** Cancels the first slice of a batch; ticks cancel the others. */
  first(batch: number): Promise<void> {
    return this.inTurn(async () => void (await this.slice(batch)));
  }

  /** Whether another slice can follow. */
  private async slice(batch: number): Promise<boolean> {
    const { runsPerSlice } = this.settings;
    const { cancelled, change } = await this.batches.cancelSlice(batch, runsPerSlice);
    if (change) this.live.add(change);
    return cancelled === runsPerSlice;
  }

  /** One after the other: concurrent slices would skip each other's locked runs. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }
}
