import { type BatchControl, STREAMS } from '#libs/contracts';
import type { BatchOrdersRepository } from '#libs/database';
import type { Control } from '#libs/messaging';

/** Keeps in the control bucket which batches and runs are paused or were cancelled; of any other it says nothing. */
export class BatchMirror {
  /** What the bucket says by batch, as text; unknown before it was looked at. */
  private mirrored: Map<number, string> | undefined;

  constructor(
    private readonly repository: BatchOrdersRepository,
    private readonly installation: string,
  ) {}

  /** The bucket may be another one: it is looked at again. */
  forget(): void {
    this.mirrored = undefined;
  }

  /** Writes what differs from Postgres. One call at a time. */
  async bring(control: Control): Promise<void> {
    const mirrored = (this.mirrored ??= await this.look(control));
    const orders = await this.repository.orders(STREAMS.stages.maxAgeSeconds);
    for (const { batch, paused, cancelledGeneration, cancelledRuns } of orders) {
      const { installation } = this;
      const ofRuns = cancelledRuns ? { cancelledRuns: [...cancelledRuns] } : {};
      const wanted: BatchControl = { v: 1, installation, batch, paused, cancelledGeneration, ...ofRuns };
      const saysNothing = !paused && cancelledGeneration === 0 && !cancelledRuns;
      const text = JSON.stringify(wanted);
      if (mirrored.get(batch) === text || (saysNothing && !mirrored.has(batch))) continue;
      await control.putBatch(wanted);
      mirrored.set(batch, text);
    }
    const known = new Set(orders.map(({ batch }) => batch));
    for (const batch of [...mirrored.keys()].filter((id) => !known.has(id))) {
      await control.removeBatch(batch);
      mirrored.delete(batch);
    }
  }

  private async look(control: Control): Promise<Map<number, string>> {
    return new Map((await control.batches()).map((order) => [order.batch, JSON.stringify(order)]));
  }
}
