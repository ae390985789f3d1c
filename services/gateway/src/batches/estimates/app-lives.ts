import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Explanation } from '#libs/contracts';
import { SchedulerClient } from '../../ports.js';
import { type AppLife, warningsOf } from './estimate.js';

const SECOND = 1000;
/** An estimate should not wait longer for a busy scheduler. */
const TIMEOUT = 3 * SECOND;
/** States of an app in which no worker starts its stages. */
const INACTIVE = ['paused', 'stopped'];
const UNKNOWN: AppLife = {
  alive: null,
  why: 'The scheduler is not responding, so it is unknown whether workers serve the apps.',
};

/** Asks the scheduler whether workers serve apps now. */
@Injectable()
export class AppLives {
  constructor(private readonly scheduler: SchedulerClient) {}

  /** Why apps are not served, or may not be; each sentence once. */
  async warnings(apps: readonly string[]): Promise<string[]> {
    return warningsOf(apps, await this.of(apps));
  }

  async of(apps: readonly string[]): Promise<Map<string, AppLife>> {
    return new Map(await Promise.all(apps.map(async (app) => [app, await this.one(app)] as const)));
  }

  private async one(app: string): Promise<AppLife> {
    const late = new AbortController();
    try {
      const explained = await Promise.race([
        this.scheduler.ask('explain', { app }),
        delay(TIMEOUT, null, { signal: late.signal, ref: false }),
      ]);
      return explained === null ? UNKNOWN : lifeOf(explained);
    } catch {
      return UNKNOWN;
    } finally {
      late.abort();
    }
  }
}

const lifeOf = ({ state, reason }: Explanation): AppLife =>
  INACTIVE.includes(state) ? { alive: false, why: reason } : { alive: true };
