/** A call in progress. */
export interface RunningCall {
  readonly signal: AbortSignal;
  /** Sets the percent done; ignores NaN. */
  progress(percent: number): void;
  /** Aborts the app's work, whose result is no longer needed. */
  abort(reason: Error): void;
  /** Removes the call from the calls in progress. */
  end(): void;
}

/** The calls in progress, with the percent done. */
export class RunningCalls {
  readonly #aborts = new Set<(reason: Error) => void>();
  /** Whole percent by id; a call that repeats an id replaces the entry of the older call. */
  readonly #percents = new Map<string, { percent: number }>();

  /** Begins a call; without an id its progress cannot be requested. */
  begin(id: string | undefined): RunningCall {
    const controller = new AbortController();
    const state = { percent: 0 };
    const abort = (reason: Error) => controller.abort(reason);
    this.#aborts.add(abort);
    if (id !== undefined) this.#percents.set(id, state);
    return {
      signal: controller.signal,
      progress: (percent) => {
        if (!Number.isNaN(percent)) state.percent = Math.floor(Math.min(100, Math.max(0, percent)));
      },
      abort,
      end: () => {
        this.#aborts.delete(abort);
        if (id !== undefined && this.#percents.get(id) === state) this.#percents.delete(id);
      },
    };
  }

  /** Whole percent of a call in progress, 0 to 100; undefined when there is no call with this id. */
  percent(id: string): number | undefined {
    return this.#percents.get(id)?.percent;
  }

  /** Aborts all calls. */
  abort(reason: Error): void {
    for (const abort of this.#aborts) abort(reason);
  }
}
