/** A call that is being answered. */
export interface RunningCall {
  readonly signal: AbortSignal;
  /** Takes the percent done; what is no number is passed over. */
  progress(percent: number): void;
  /** Ends the app's work, because nobody waits for it. */
  abort(reason: Error): void;
  /** Forgets the call. */
  end(): void;
}

/** The calls that are being answered, and how far each is. */
export class RunningCalls {
  readonly #aborts = new Set<(reason: Error) => void>();
  /** Whole percent by id; the key of a call that repeats an id replaces the older one's. */
  readonly #percents = new Map<string, { percent: number }>();

  /** Begins a call; without an id its progress cannot be asked for. */
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

  /** Whole percent of a running call, 0 to 100; undefined when no call of this id runs. */
  percent(id: string): number | undefined {
    return this.#percents.get(id)?.percent;
  }

  /** Ends the work of all calls. */
  abort(reason: Error): void {
    for (const abort of this.#aborts) abort(reason);
  }
}
