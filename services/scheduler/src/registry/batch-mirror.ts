import { Injectable } from '@nestjs/common';
import { type BatchControl, STREAMS } from '#libs/contracts';
import { BatchOrdersRepository } from '#libs/database';
import type { Control } from '#libs/messaging';
import { SchedulerSettings } from '../scheduler-settings.js';

/** Mirrors paused, held and cancelled batches and runs in the control bucket; it has no entry for any other batch. */
@Injectable()
export class BatchMirror {
  /** The entries of the bucket by batch, as JSON; undefined until they are read. */
  private mirrored: Map<number, string> | undefined;

  constructor(
    private readonly repository: BatchOrdersRepository,
    private readonly settings: SchedulerSettings,
  ) {}

  /** The bucket may be another one: its entries are read again. */
  forget(): void {
    this.mirrored = undefined;
  }

  /** Writes what differs from Postgres. Calls must not overlap. */
  async update(control: Control): Promise<void> {
    const mirrored = (this.mirrored ??= await this.read(control));
    const orders = await this.repository.orders(STREAMS.stages.maxAgeSeconds);
    for (const { batch, paused, held, cancelledGeneration, cancelledRuns } of orders) {
      const { installation } = this.settings;
      const ofRuns = cancelledRuns ? { cancelledRuns: [...cancelledRuns] } : {};
      const ofStages = held ? { held: [...held] } : {};
      const wanted: BatchControl = { v: 1, installation, batch, paused, ...ofStages, cancelledGeneration, ...ofRuns };
      const isNeutral = !paused && !held && cancelledGeneration === 0 && !cancelledRuns;
      const text = JSON.stringify(wanted);
      if (mirrored.get(batch) === text || (isNeutral && !mirrored.has(batch))) continue;
      await control.putBatch(wanted);
      mirrored.set(batch, text);
    }
    const known = new Set(orders.map(({ batch }) => batch));
    for (const batch of [...mirrored.keys()].filter((id) => !known.has(id))) {
      await control.removeBatch(batch);
      mirrored.delete(batch);
    }
  }

  private async read(control: Control): Promise<Map<number, string>> {
    return new Map((await control.batches()).map((order) => [order.batch, JSON.stringify(order)]));
  }
}
