import type { BatchMessage } from '../consume/batch-consumer.js';

/** The recorder in the event log, from the view of the process that records; also its injection token. */
export abstract class RecorderPosition {
  /** Every event up to this sequence is recorded, parked or deferred; null while the start is not known. */
  abstract recorded(): number | null;
  /** Events that have arrived and are not recorded yet, in the order of the log. */
  abstract unrecorded(): readonly BatchMessage[];
  /** Calls `listener` for each event that arrives while the recorder is busy. */
  abstract onWaiting(listener: (event: BatchMessage) => void): void;
}
