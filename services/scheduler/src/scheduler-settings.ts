/** More unrecorded events than this stop admission. */
export const MAX_LAG = 50_000;
/** Runs that one transaction of a bulk command changes: less than a second of work. */
export const RUNS_PER_SLICE = 2000;

const SECOND = 1000;

/** Milliseconds between two repetitions of work of the leader; tests shorten them. */
export interface Periods {
  /** Storing why batches make no progress. */
  readonly reportBlocks: number;
  readonly saveDurations: number;
  /** Storing the percentages of running stages. */
  readonly saveProgress: number;
}
export const PERIODS: Periods = { reportBlocks: 5 * SECOND, saveDurations: 30 * SECOND, saveProgress: 5 * SECOND };

/** What one scheduler process is started with; also its injection token. */
export abstract class SchedulerSettings {
  /** Id of the database that this scheduler serves; every message carries it. */
  abstract readonly installation: string;
  /** Seconds without a sign of life from a worker before the broker delivers its stage to another one. */
  abstract readonly ackWait: number;
  /** Servers of a NATS cluster that store each stream and bucket. */
  abstract readonly replicas: number;
  /** Bytes that the streams of each NATS server may take; undefined: as many as it accepts. */
  abstract readonly storeBytes?: number | undefined;
  /** Admission stops while the recorder is more than this many events behind. */
  abstract readonly maxLag: number;
  abstract readonly periods: Periods;
  /** Runs that one transaction of a bulk command changes. */
  abstract readonly runsPerSlice: number;
}

/** Injection token of the process's logger. */
export const LOGGER = Symbol('logger');
