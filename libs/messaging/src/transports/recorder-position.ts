/** Position of the recorder in the event log, from the view of the process that records; also its injection token. */
export abstract class RecorderPosition {
  /** Every event up to this sequence is recorded, parked or deferred; null while the start is not known. */
  abstract recorded(): number | null;
}
