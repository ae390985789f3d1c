import { type CanActivate, Injectable } from '@nestjs/common';
import { OperatorRefusal } from '#libs/messaging';
import { RecorderProgress } from '../recorder/recorder-progress.js';

const WAIT_AT_MOST_MS = 5000;

/**
 * Lets a command wait until the recorder has caught up after a start of the scheduler. Until then a run that is done
 * may be waiting in Postgres, and the command would run it again or cancel it.
 */
@Injectable()
export class RecorderGuard implements CanActivate {
  constructor(private readonly progress: RecorderProgress) {}

  async canActivate(): Promise<boolean> {
    if (await this.progress.untilCaughtUp(WAIT_AT_MOST_MS)) return true;
    throw new OperatorRefusal(
      503,
      'The scheduler has just started and is still recording earlier stage events. Repeat the command in a minute.',
    );
  }
}
