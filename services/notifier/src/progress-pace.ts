import type { ProgressMessage } from '#libs/messaging';

/** Keeps the latest percent of each run until the next flush, so that a chatty app costs no more than a calm one. */
export class ProgressPace {
  private latest = new Map<number, ProgressMessage>();

  add(progress: ProgressMessage): void {
    this.latest.set(progress.run, progress);
  }

  /** What is to be sent now, one per run. */
  take(): ProgressMessage[] {
    const messages = [...this.latest.values()];
    this.latest.clear();
    return messages;
  }
}
