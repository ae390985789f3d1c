import type { CellChange, Outcome, StageMark, StageState } from '#libs/contracts';

/** What an event changes about one stage run; later changes have a greater (generation, root, rank, delivery). */
export interface StageChange {
  readonly batch: number;
  readonly run: number;
  readonly row: number;
  readonly index: number;
  /** Number of stages on the run's route. */
  readonly stages: number;
  /** Slug; empty for a stage that was only handed on. */
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
  /** Seconds the app says it ran. */
  readonly runningSeconds: number | null;
  /** How far annotations reach into the media, in milliseconds. */
  readonly coverage: { readonly covered: number; readonly of: number; readonly gap?: string | undefined } | null;
  /** Sha256 of the output. */
  readonly document: string | null;
  /** Seconds after which the app wants to be asked again. */
  readonly retryAfter: number | null;
  /** When a stage in state `retrying` is tried again, in milliseconds since 1970. */
  readonly retryAt: number | null;
}

/** A document on its way into the archive; `content` is gzip when `encoding` says so. */
export interface ArchivedDocument {
  readonly sha256: string;
  /** Size before compression. */
  readonly bytes: number;
  readonly encoding: 'gzip' | 'identity';
  readonly content: Buffer;
}

/** What one transaction changed of one batch. */
export interface BatchChange {
  readonly batch: number;
  /** Version before and after. */
  readonly from: number;
  readonly to: number;
  /** Null: too many to tell one by one, so that clients have to read a snapshot. */
  readonly cells: readonly CellChange[] | null;
}
