/** A run of a baseline's batch. */
export interface BareRun {
  readonly id: number;
  readonly row: number;
  readonly guid: string;
  readonly path: string;
}

/** What a baseline's worker is asked: take these runs through all stages. */
export interface BareChainQuestion {
  readonly batch: number;
  readonly runs: readonly BareRun[];
  /** `same`: the messages that Chowda sends. `leanest`: the stage messages alone, unread. */
  readonly messages: 'same' | 'leanest';
}

/** What a baseline's recorder is asked: answer when so many more stages are recorded as done. */
export interface BareRecordQuestion {
  readonly stages: number;
}
