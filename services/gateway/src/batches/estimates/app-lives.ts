import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Explanation } from '#libs/contracts';
import { SchedulerClient } from '../../ports.js';
import { type AppLife, warningsOf } from './estimate.js';

const SECOND = 1000;
/** Who asks what a batch takes does not want to wait for a scheduler that is busy. */
const ANSWER_WITHIN = 3 * SECOND;
/** States of an app in which it takes nothing. */
const STILL = ['paused', 'stopped'];
const UNKNOWN: AppLife = {
  alive: null,
  why: 'The scheduler does not answer: whether workers serve the apps is not known.',
};

/** Whether apps are served at this moment, as far as the scheduler answers. */
@Injectable()
export class AppLives {
  constructor(private readonly scheduler: SchedulerClient) {}

  /** Why apps take nothing, or may not: each sentence once. */
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
        delay(ANSWER_WITHIN, null, { signal: late.signal, ref: false }),
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
  STILL.includes(state) ? { alive: false, why: reason } : { alive: true };
