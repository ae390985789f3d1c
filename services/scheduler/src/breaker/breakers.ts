import { Injectable } from '@nestjs/common';
import type { StageEvent } from '#libs/contracts';
import { AppRegistry } from '../registry/app-registry.js';
import { AppBreakers } from './app-breakers.js';
import { BatchHolds } from './batch-holds.js';
import { Breaker } from './breaker.js';

/**
 * Protects files from apps that do not work. Three degrees (`Breaker` decides, without I/O):
 *
 *  - An app that does not accept calls (`unreached`) is paused at once. Its failures are not attempts: the files wait.
 *    The connection is tested every second; a busy app is probed with one real call.
 *  - 20 files of one batch that fail in the same way: the batch is held at that stage. It is probed with a file that has
 *    not failed there, after 1 minute and then after pauses that double up to 15 minutes; the first success ends the
 *    hold.
 *  - 20 files of several batches that fail in the same way, without a success: the app is paused for everybody, and
 *    probed with one slot.
 *
 * While a batch or an app is probed, a file that fails in the known way waits, and its failure does not count. Pauses
 * and holds are stored in Postgres and survive this process; evidence does not.
 */
@Injectable()
export class Breakers {
  /** End of the queue of operations: a pause that is being written must not be mistaken for an operator's. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly breaker: Breaker,
    private readonly apps: AppBreakers,
    private readonly holds: BatchHolds,
    private readonly registry: AppRegistry,
  ) {}

  /** Milliseconds after which a failure is tried again without counting as an attempt; null: it counts. */
  waitsFor(event: StageEvent): number | null {
    return this.breaker.waitsFor(event);
  }

  /** Adds an event; called in the order of the log. */
  observe(event: StageEvent, now: number): void {
    this.apps.observe(event, () => this.holds.observe(this.breaker.observe(event, now)));
  }

  /** Reads Postgres, checks the clock, and writes what has changed; called every second. */
  tick(now: number): Promise<void> {
    return this.inTurn(async () => {
      await this.apps.follow(now);
      await this.holds.follow(now);
      await this.saveAll();
    });
  }

  /** Writes what has changed; the next tick repeats what fails. */
  save(): Promise<void> {
    return this.inTurn(() => this.saveAll());
  }

  private async saveAll(): Promise<void> {
    const hasChanged = [await this.apps.save(), await this.holds.save()].includes(true);
    if (hasChanged) await this.registry.provisionNew();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}
