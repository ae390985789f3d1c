import type { AppFacts, RunFacts } from '#libs/database';
import type { ConsumerPosition } from '#libs/messaging';

/** Who works for which app at this moment, and how full the apps are. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Live workers by app. */
  readonly workers: ReadonlyMap<string, readonly string[]>;
  /** Free credits by app: 0 or less lets no run enter that has to pass it. */
  readonly credits: ReadonlyMap<string, number>;
  /** Runs under way that have an app still ahead of them, by app. */
  readonly underWay: ReadonlyMap<string, number>;
  /** Events that are not recorded yet; null: the log cannot be asked. */
  readonly lag: number | null;
}

/** A stage that a live worker says it holds. */
export interface Holder {
  readonly worker: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The newest message of a stage in STAGES. */
export interface StageMessageFacts {
  readonly sequence: number;
  /** Null: its first line is no slip. */
  readonly installation: string | null;
}

/** The newest dead letter of a stage. */
export interface DeadLetterFacts {
  readonly sequence: number;
  /** Sequence in STAGES of the message that was put aside. */
  readonly of: number;
  readonly reason: string;
  readonly sentence: string;
}

/** What the broker holds of the stage at which a run stands. */
export interface BrokerFacts {
  readonly installation: string;
  readonly holder: Holder | null;
  readonly message: StageMessageFacts | null;
  /** Where the app's consumer stands; null: it is not there. */
  readonly position: ConsumerPosition | null;
  /** Generation of the newest settlement; null: there is none. */
  readonly settledGeneration: number | null;
  readonly deadLetter: DeadLetterFacts | null;
}

/** All there is to know of a run that does not get on. */
export interface RunSituation {
  readonly run: RunFacts;
  readonly around: Surroundings;
  /** Null for a run that stands at no stage. */
  readonly broker: BrokerFacts | null;
}

export const workersOf = ({ workers }: Surroundings, { app }: AppFacts): readonly string[] => workers.get(app) ?? [];
