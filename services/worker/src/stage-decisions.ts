import { DECIDED_HEADER, type Lineage, LINEAGE_HEADER, type ReadStageEvent } from '#libs/contracts';
import { type NatsLink, type StageMessage, untilAnswered } from '#libs/messaging';
import { Stopwatch } from '#libs/runtime';
import { type BeforeCall, decideBeforeCall, NO_HISTORY } from './before-call.js';
import { isPublishedLate } from './late-publication.js';
import { lastPublishedNext } from './next-stage.js';
import type { StageLog } from './stage-log.js';
import type { StageTask } from './stage-task.js';

/** An older decision is stale: the process may have been suspended while another worker processed the stage. */
export const DECISION_LIFETIME_MS = 1000;

/** A decision, what it is based on, and a stopwatch that was started before that was read. */
export interface Decided {
  readonly task: StageTask;
  readonly settlement: ReadStageEvent | null;
  readonly decision: BeforeCall;
  readonly read: Stopwatch;
}

/** The orders for batches that a decision follows. */
type Orders = Pick<StageMessage['orders'], 'of'>;
/** For a decision after the call, which no order stops. */
export const NO_ORDERS: Orders = { of: () => null };

/** Decides how a delivery is processed, from what the streams hold about its stage. */
export class StageDecisions {
  constructor(
    private readonly link: NatsLink,
    private readonly log: StageLog,
    private readonly stopping: AbortSignal,
  ) {}

  /**
   * Reads the streams only when the stage may have been settled before: redelivered, old, or from a recreated consumer
   * (`mayBeSettled`); a raw replay; received more than a second ago; or published late by a worker that may have been
   * suspended (`isPublishedLate`).
   */
  decide(read: StageTask, message: StageMessage): Promise<Decided> {
    const { delivery, orders } = message;
    const isRawReplay = delivery.header(LINEAGE_HEADER) === undefined;
    const isStale = delivery.received.elapsedWithSleep() > DECISION_LIFETIME_MS;
    const { batch, run, index } = read.slip;
    const orderFor = ({ generation }: Lineage) => orders.of({ batch, run, index, generation });
    const isLate = isPublishedLate(delivery.header(DECIDED_HEADER), delivery.info.timestamp);
    if (!delivery.mayBeSettled && !isRawReplay && !isStale && !isLate) {
      const decision = decideBeforeCall(read.lineage, NO_HISTORY, orderFor(read.lineage), read.slip.calls);
      return Promise.resolve({ task: read, settlement: null, decision, read: delivery.received });
    }
    return this.decideFromLog(read, message);
  }

  /** Decides from what the streams hold about the stage now; `orders`: those that count. */
  decideFromLog(read: StageTask, { delivery, orders: known }: StageMessage, orders: Orders = known): Promise<Decided> {
    const isRawReplay = delivery.header(LINEAGE_HEADER) === undefined;
    const { batch, run, index } = read.slip;
    const orderFor = ({ generation }: Lineage) => orders.of({ batch, run, index, generation });
    return untilAnswered(async () => {
      const sinceRead = new Stopwatch();
      const settlement = await this.log.lastSettlement(read);
      // A raw replay has the generation of what it repeats.
      const generation = settlement?.event.generation ?? read.slip.generation;
      const lineage = isRawReplay ? { generation, root: delivery.info.timestamp } : read.lineage;
      const task = { ...read, lineage };
      const [nextPublished, started, isComplete] = await Promise.all([
        lastPublishedNext(this.link, task, isRawReplay),
        this.log.lastStart(task),
        this.log.isOlderThan(delivery.info.timestamp),
      ]);
      const history = { settled: settlement?.event ?? null, nextPublished, started, isComplete };
      const earlierCalls = isRawReplay ? 0 : read.slip.calls;
      const decision = decideBeforeCall(lineage, history, orderFor(lineage), earlierCalls);
      return { task, settlement, decision, read: sinceRead };
    }, this.stopping);
  }
}
