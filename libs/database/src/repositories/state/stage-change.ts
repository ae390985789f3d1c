import type { CellChange, Outcome, StageMark, StageState } from '#libs/contracts';

/** The change of one stage run by an event; later changes have a greater (generation, root, rank, delivery). */
export interface StageChange {
  readonly batch: number;
  /** Absent in events of workers that do not know it. */
  readonly batchKey?: string | undefined;
  readonly run: number;
  readonly row: number;
  readonly index: number;
  /** Number of stages on the run's route. */
  readonly stages: number;
  /** Slug; empty for a next stage whose message was published. */
  readonly app: string;
  readonly state: StageState;
  readonly outcome: Outcome | null;
  readonly sentence: string | null;
  readonly fingerprint: string | null;
  readonly trace: string | null;
  readonly httpStatus: number | null;
  readonly generation: number;
  /** Nanoseconds since 1970, as a decimal string. */
  readonly root: string;
  readonly delivery: number;
  readonly rank: number;
  readonly calls: number;
  readonly worker: string | null;
  /** Milliseconds since 1970. */
  readonly queuedAt: number | null;
  readonly startedAt: number | null;
  readonly settledAt: number | null;
  readonly annotations: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** Warnings of the SDK about itself. */
  readonly notices: readonly string[];
  readonly mark: StageMark | null;
  /** Running time in seconds as reported by the app. */
  readonly runningSeconds: number | null;
  /** How far annotations reach into the media, in milliseconds. */
  readonly coverage: { readonly covered: number; readonly of: number; readonly gap?: string | undefined } | null;
  /** Sha256 of the output. */
  readonly document: string | null;
  /** Its message was published again by hand. */
  readonly rawReplay: boolean;
  /** Seconds after which the app requests to be called again. */
  readonly retryAfter: number | null;
  /**
   * Milliseconds until the next try of a failure that does not count as an attempt: the app did not accept the call, or
   * is known to fail in this way. Null: it counts.
   */
  readonly waitsFor: number | null;
  /** Time of the next attempt of a stage in state `retrying`, in milliseconds since 1970. */
  readonly retryAt: number | null;
}

/** A document to archive; `content` is compressed when `encoding` is gzip. */
export interface ArchivedDocument {
  readonly sha256: string;
  /** Size before compression. */
  readonly bytes: number;
  readonly encoding: 'gzip' | 'identity';
  readonly content: Buffer;
}

/** The changes of one transaction to one batch. */
export interface BatchChange {
  readonly batch: number;
  /** Version before and after. */
  readonly from: number;
  readonly to: number;
  /** Null: too many for a list; clients read a snapshot. */
  readonly cells: readonly CellChange[] | null;
}
