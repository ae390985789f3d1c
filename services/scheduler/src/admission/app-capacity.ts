import { Injectable } from '@nestjs/common';
import { AdmissionRepository } from '#libs/database';
import { AppRegistry } from '../registry/app-registry.js';
import { WorkerWatch } from '../sweeper/worker-watch.js';
import { AppDurations } from './app-durations.js';
import { Credits } from './credits.js';

/** Computes the free capacity of the apps from their slots, durations and workers, and the runs in progress. */
@Injectable()
export class AppCapacity {
  constructor(
    private readonly runs: AdmissionRepository,
    private readonly registry: AppRegistry,
    private readonly durations: AppDurations,
    private readonly workers: WorkerWatch,
  ) {}

  async now(): Promise<Credits> {
    const loads = await this.runs.runsInProgress();
    const slots = this.registry.slots();
    const unserved = new Set([...slots.keys()].filter((app) => !this.workers.serves(app)));
    return new Credits({ slots, durations: this.durations.all(), unserved }, loads);
  }
}
