import { Injectable } from '@nestjs/common';
import { AdmissionRepository } from '#libs/database';
import { AppRegistry } from '../registry/app-registry.js';
import { AppDurations } from './app-durations.js';
import { freeCredits, runsAhead } from './choose-runs.js';

/** How full the apps are, by slug. */
export interface Capacity {
  /** Free credits; with 0 or less, no run that has to pass the app is admitted. */
  readonly credits: ReadonlyMap<string, number>;
  /** Runs in progress that still have to pass the app. */
  readonly ahead: ReadonlyMap<string, number>;
}

/** Computes the free capacity of the apps from their slots, their durations and the runs in progress. */
@Injectable()
export class AppCapacity {
  constructor(
    private readonly runs: AdmissionRepository,
    private readonly registry: AppRegistry,
    private readonly durations: AppDurations,
  ) {}

  async now(): Promise<Capacity> {
    const { runs, routes } = await this.runs.runsInProgress();
    const loads = runs.map(({ batch, nextIndex, count }) => ({ apps: routes.get(batch) ?? [], nextIndex, count }));
    const apps = { slots: this.registry.slots(), durations: this.durations.all() };
    return { credits: freeCredits(apps, loads), ahead: runsAhead(loads) };
  }
}
