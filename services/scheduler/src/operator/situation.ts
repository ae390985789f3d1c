import type { AppStatus, BlockingSession, DeferredResults, RunStatus } from '#libs/database';
import type { ConsumerPosition, PublicationRefusal } from '#libs/messaging';
import type { Credits } from '../admission/credits.js';

/** The workers, the apps and the recorder at one moment. */
export interface SystemStatus {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Running workers by app slug. */
  readonly workers: ReadonlyMap<string, readonly string[]>;
  /** Ids that two running workers have at the same time. */
  readonly sharedIds: readonly string[];
  /** Which app a run has to wait for, and how many runs in progress still have to pass an app. */
  readonly credits: Pick<Credits, 'fullApp' | 'runsAhead'>;
  /** Events that are not recorded yet; null when the broker does not answer. */
  readonly lag: number | null;
  /** This leader has not recorded all events yet that existed when it began, and admits nothing until then. */
  readonly isCatchingUp: boolean;
  /** What the broker refuses to store, for the scheduler or a worker; null when it stores everything. */
  readonly refusal: PublicationRefusal | null;
  readonly activity: ActivityStatus;
}

/** What has happened recently, as far as this leader has seen. Times are in milliseconds since 1970. */
export interface ActivityStatus {
  /** When the recorder last recorded an event, or had none to record. */
  readonly recordedAt: number;
  /** When a batch last changed. */
  readonly changedAt: ReadonlyMap<number, number>;
  /** Batches with a run that a running worker lists in its heartbeat. */
  readonly heldBatches: ReadonlySet<number>;
  /** Stages of each app that running workers list in their heartbeats, by app slug. */
  readonly busySlots: ReadonlyMap<string, number>;
  /** Results that are not recorded because another transaction locks their runs, by batch. */
  readonly deferred: ReadonlyMap<number, DeferredResults>;
  /** Sessions that hold a database lock for which Chowda waits. */
  readonly blockingSessions: readonly BlockingSession[];
  /** Admission has failed since this time; null: it works. */
  readonly admissionFailure: { readonly since: number; readonly sentence: string } | null;
}

/** A running worker that lists the stage in its heartbeat. */
export interface Holder {
  readonly worker: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The newest message of a stage in STAGES. */
export interface StageMessageStatus {
  readonly sequence: number;
  /** Null when its first line is not a valid slip. */
  readonly installation: string | null;
}

/** The newest dead letter of a stage. */
export interface DeadLetterStatus {
  readonly sequence: number;
  /** Sequence in STAGES of the message that was dead-lettered. */
  readonly of: number;
  readonly reason: string;
  readonly sentence: string;
}

/** What the broker holds about the current stage of a run. */
export interface BrokerStatus {
  readonly installation: string;
  readonly holder: Holder | null;
  readonly message: StageMessageStatus | null;
  /** Position of the app's consumer; null when it does not exist. */
  readonly position: ConsumerPosition | null;
  /** Generation of the newest settlement; null when there is none. */
  readonly settledGeneration: number | null;
  readonly deadLetter: DeadLetterStatus | null;
}

/** Everything that can explain the state of a run. */
export interface RunSituation {
  readonly run: RunStatus;
  readonly system: SystemStatus;
  /** Null for a run without a current stage. */
  readonly broker: BrokerStatus | null;
}

export const workersOf = ({ workers }: SystemStatus, { app }: AppStatus): readonly string[] => workers.get(app) ?? [];
