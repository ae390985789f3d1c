import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Another scheduler leads by now: this one must not write any more. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
}

/**
 * Which leader this process is. A leader that stood still (SIGSTOP, a cut network) does not know that another took
 * over, so every transaction of a leader asks; the share lock makes the next leader wait for those that have asked.
 */
@Injectable()
export class LeaderEpoch {
  private current: number | undefined;
  private onDeposed: (error: NotLeaderError) => void = () => undefined;

  /** Makes this process the leader of an epoch; `onDeposed` is called when another one is found to lead. */
  lead(epoch: number, onDeposed: (error: NotLeaderError) => void = () => undefined): void {
    this.current = epoch;
    this.onDeposed = onDeposed;
  }

  /** Throws NotLeaderError when another process leads; a process that never led may go on. */
  async check(manager: EntityManager): Promise<void> {
    if (this.current === undefined) return;
    const rows = await manager.query<unknown[]>('select 1 from leader where epoch = $1 for share', [this.current]);
    if (rows.length > 0) return;
    const error = new NotLeaderError(`Another scheduler has taken over since epoch ${this.current}.`);
    this.onDeposed(error);
    throw error;
  }
}
