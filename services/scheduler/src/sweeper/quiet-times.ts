/** Remembers since when things are quiet: those that were quiet each time they were looked at. Times in milliseconds. */
export class QuietTimes {
  private since = new Map<string, number>();
  private next = new Map<string, number>();

  /** For how long a thing has been quiet, now that it is looked at. */
  of(key: string, isQuiet: boolean, now: number): number {
    const since = isQuiet ? (this.since.get(key) ?? now) : now;
    this.next.set(key, since);
    return now - since;
  }

  /** Ends a round of looking: what was not looked at in it is forgotten. */
  endRound(): void {
    this.since = this.next;
    this.next = new Map();
  }
}
