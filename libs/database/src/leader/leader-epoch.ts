import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Another scheduler is the leader; this process must not write. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
}

/**
 * Epoch of this process as leader. A leader that was suspended (SIGSTOP, network failure) does not notice that another
 * has taken over, so every transaction of a leader checks its epoch. The share lock makes the next leader wait for
 * these transactions.
 */
@Injectable()
export class LeaderEpoch {
  private current: number | undefined;
  private onDeposed: (error: NotLeaderError) => void = () => undefined;

  /** Makes this process the leader of an epoch; `onDeposed` is called when another leader is found. */
  lead(epoch: number, onDeposed: (error: NotLeaderError) => void = () => undefined): void {
    this.current = epoch;
    this.onDeposed = onDeposed;
  }

  /** Throws NotLeaderError when another process is the leader; a process that never led passes. */
  async check(manager: EntityManager): Promise<void> {
    if (this.current === undefined) return;
    const rows = await manager.query<unknown[]>('select 1 from leader where epoch = $1 for share', [this.current]);
    if (rows.length > 0) return;
    const error = new NotLeaderError(`Another scheduler is the leader since epoch ${this.current}.`);
    this.onDeposed(error);
    throw error;
  }
}
