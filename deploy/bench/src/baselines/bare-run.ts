/** A run in the batch of a baseline. */
export interface BareRun {
  readonly id: number;
  readonly row: number;
  readonly guid: string;
  readonly path: string;
}

/** Request to the worker of a baseline: take these runs through all stages. */
export interface BareChainQuestion {
  readonly batch: number;
  readonly runs: readonly BareRun[];
  /** `same`: the messages that Chowda sends. `leanest`: only the stage messages, unparsed. */
  readonly messages: 'same' | 'leanest';
}

/** Request to the recorder of a baseline: answer when `stages` more stages are recorded as done. */
export interface BareRecordQuestion {
  readonly stages: number;
}
