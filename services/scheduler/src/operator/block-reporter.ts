import { Injectable } from '@nestjs/common';
import { BatchBlocksRepository, ExplainRepository } from '#libs/database';
import { monotonicNow } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { blockOf } from './batch-block.js';
import { RecentActivity } from './recent-activity.js';
import { SystemReader } from './system-reader.js';

/** Stores why unfinished batches make no progress, by the rules of `explain`, and publishes what changed. */
@Injectable()
export class BlockReporter {
  constructor(
    private readonly status: ExplainRepository,
    private readonly system: SystemReader,
    private readonly blocks: BatchBlocksRepository,
    private readonly activity: RecentActivity,
    private readonly live: LivePublisher,
  ) {}

  async report(): Promise<void> {
    const statuses = await this.status.unfinished();
    this.activity.observeBatches(statuses, monotonicNow());
    const system = await this.system.now();
    const blocked = statuses.flatMap((status) => {
      const found = blockOf(status, system);
      return found ? [{ ...found, batch: status.batch }] : [];
    });
    for (const batch of await this.blocks.replace(blocked)) this.live.announce(batch);
  }
}
