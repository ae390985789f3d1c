/** Lets tasks come one after the other, and no more of them wait than there is room for. */
export class WaitingLine {
  private last: Promise<unknown> = Promise.resolve();
  private length = 0;

  /** `room`: how many there may be, the one that is done included. */
  constructor(private readonly room: number) {}

  /** Whether one more would have to be sent away. */
  get isFull(): boolean {
    return this.length >= this.room;
  }

  /** Does the task when those before it have ended, however they did. */
  async take<Result>(task: () => Promise<Result>): Promise<Result> {
    this.length += 1;
    const turn = this.last.then(task);
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.length -= 1;
    }
  }
}
