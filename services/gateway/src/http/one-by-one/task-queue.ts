/** Runs tasks one after the other, with a limit on how many can wait. */
export class TaskQueue {
  private last: Promise<unknown> = Promise.resolve();
  private length = 0;

  /** `capacity`: the maximum number of tasks, including the running one. */
  constructor(private readonly capacity: number) {}

  /** Whether the queue has no room for another task. */
  get isFull(): boolean {
    return this.length >= this.capacity;
  }

  /** Runs the task after all earlier ones have succeeded or failed. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
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
